/** A source as the table reader answers it: its tables, and its jobs if it is our own export. */
import { checkedJobs, type ExportedJobs } from '../store/imports/exported-jobs.ts'
import type { ReadAnswer, ReadTables } from './read/read.ts'

export interface ReadSource extends Omit<ReadTables, 'jobs'> {
  jobs: ExportedJobs | null
}

export type SourceAnswer = Exclude<ReadAnswer, { ok: true }> | { ok: true; read: ReadSource }

export const withCheckedJobs = (answer: ReadAnswer): SourceAnswer =>
  answer.ok ? { ok: true, read: { ...answer.read, jobs: answer.read.jobs && checkedJobs(answer.read.jobs) } } : answer
