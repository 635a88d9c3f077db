import { setImmediate as others } from 'node:timers/promises'
import { AppError } from '../../shared/errors.ts'
import type { OriginalView } from '../../shared/views.ts'
import { hasOriginal } from '../media/original-files.ts'
import type { OriginalsQueue } from '../media/originals-queue.ts'
import { ownerOf } from '../media/paths.ts'
import { freeSpace } from '../media/space.ts'
import { activeAccount } from '../store/accounts.ts'
import { estimateSlice, originalsOfJob } from '../store/originals.ts'
import { type Handler, type RouteContext, requireAccount } from './context.ts'

export const originalsJob: Handler<'originals.job'> = (context, job) => {
  const account = requireAccount(context)
  const { dataDir } = context.info
  return originalsOfJob(context.database, account.account_id, job.agent, job.jobId).map((original): OriginalView => {
    if (original.state !== 'kept') return original
    const isThere = hasOriginal(dataDir, ownerOf(account), { ...job, resultId: original.resultId })
    return isThere ? original : { ...original, state: 'failed', error: { code: 'original_missing', params: {} } }
  })
}

export const originalsEstimate: Handler<'originals.estimate'> = async ({ database, info }) => {
  const free = await freeSpace(info.dataDir)
  const estimate = { originals: 0, bytes: 0, ofUnknownSize: 0, free }
  const account = activeAccount(database)
  // A long history is added up in parts, so that others get their answers in between.
  for (let below = account ? Number.MAX_SAFE_INTEGER : 0; below > 0 && account; await others()) {
    const slice = estimateSlice(database, account.account_id, below)
    estimate.originals += slice.originals
    estimate.bytes += slice.bytes
    estimate.ofUnknownSize += slice.ofUnknownSize
    below = slice.next
  }
  return estimate
}

/** Lets the keeper do something and answers how its queue stands then. */
async function change(context: RouteContext, apply: (keeper: OriginalsQueue) => void | Promise<void>) {
  if (!context.keeper) throw new AppError('internal')
  await apply(context.keeper)
  return context.keeper.state()
}

export const originalsState: Handler<'originals.state'> = (context) => change(context, () => {})
export const originalsKeep: Handler<'originals.keep'> = (context, what) =>
  change(context, (keeper) => keeper.keep(what))
export const originalsDrop: Handler<'originals.drop'> = (context, what) =>
  change(context, (keeper) => keeper.drop(what))
export const originalsPause: Handler<'originals.pause'> = (context, { paused }) =>
  change(context, (keeper) => keeper.pause(paused))
export const originalsKeepNew: Handler<'originals.keepNew'> = (context, { keep }) =>
  change(context, (keeper) => keeper.keepNew(keep))
