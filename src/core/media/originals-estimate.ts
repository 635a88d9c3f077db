import { setImmediate as otherWork } from 'node:timers/promises'
import type { OriginalsEstimate } from '../../shared/views.ts'
import { aboveAllIds } from '../domain/ledger.ts'
import { activeAccount } from '../store/accounts/accounts.ts'
import type { Readable } from '../store/handles.ts'
import { estimateSlice } from '../store/jobs/originals.ts'
import { freeSpace } from './folders.ts'

/**
 * Adds up the originals that could be kept, and the free space, in bytes. Other work goes on between slices of a long
 * history.
 */
export async function estimateOriginals(database: Readable, dataDir: string): Promise<OriginalsEstimate> {
  const free = await freeSpace(dataDir)
  const estimate = { originals: 0, bytes: 0, ofUnknownSize: 0, free }
  const account = activeAccount(database)
  for (let below = account ? aboveAllIds : 0; below > 0 && account; await otherWork()) {
    const slice = estimateSlice(database, account.accountId, below)
    estimate.originals += slice.originals
    estimate.bytes += slice.bytes
    estimate.ofUnknownSize += slice.ofUnknownSize
    below = slice.next
  }
  return estimate
}
