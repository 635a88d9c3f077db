/** Remembers what the snapshots of a stream lacked, and finds the cases that it may decide. */
import type { Agent, RecordStream } from '../../../shared/values.ts'
import { afterUnlisted, type Shortening } from '../../domain/shortenings.ts'
import type { Changes } from '../changes.ts'
import type { Writable } from '../handles.ts'
import { readPosition, readShortenings, saveShortenings } from '../streams.ts'
import { casesOfLists } from './cases-by-status.ts'
import { jobLists } from './job-lists.ts'

/** Stores the shortenings of a stream after a change of them. */
export function changeShortenings(
  database: Writable,
  accountId: number,
  stream: RecordStream,
  change: (known: readonly Shortening[]) => readonly Shortening[],
  changes: Changes,
): void {
  const known = readShortenings(database, accountId)(stream)
  const shortenings = change(known)
  if (JSON.stringify(shortenings) === JSON.stringify(known)) return
  saveShortenings(database, accountId, stream, shortenings)
  for (const caseId of casesOfLists(database, accountId)) changes.cases.add(caseId)
}

/** Remembers that a change brought a job, created at `createdAt`, that no snapshot had listed. Call before its case is decided. */
export function noteUnlistedJob(
  database: Writable,
  accountId: number,
  agent: Agent,
  createdAt: number,
  now: number,
  changes: Changes,
): void {
  const stream = `jobs:${agent}` as const
  // A list without any job lacked all jobs until it was read.
  const from =
    jobLists(database, accountId).oldestJob(agent) ?? readPosition(database, accountId, stream).lastSuccessAt ?? now
  changeShortenings(database, accountId, stream, (known) => afterUnlisted(known, createdAt, from), changes)
}
