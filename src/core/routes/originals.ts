import type { OriginalView } from '../../shared/views.ts'
import { ownerOf } from '../media/folders.ts'
import { hasOriginal } from '../media/original-files.ts'
import type { OriginalsQueue } from '../media/originals-queue.ts'
import { originalsOfJob } from '../store/jobs/originals.ts'
import { type Handler, requireAccount, type WriteContext } from './context.ts'

export const originalsJob: Handler<'originals.job'> = (context, { account: name, ...job }) => {
  const account = requireAccount(context, name)
  const { dataDir } = context.info
  return originalsOfJob(context.database, account.accountId, job.agent, job.jobId).map((original): OriginalView => {
    if (original.state !== 'kept') return original
    const isThere = hasOriginal(dataDir, ownerOf(account), { ...job, resultId: original.resultId })
    return isThere ? original : { ...original, state: 'failed', error: { code: 'original_missing', params: {} } }
  })
}

/** Changes the queue and answers with its new state. */
async function change({ originals }: WriteContext, apply: (queue: OriginalsQueue) => void | Promise<void>) {
  await apply(originals)
  return originals.state()
}

export const originalsKeep: Handler<'originals.keep'> = (context, what) => change(context, (queue) => queue.keep(what))
export const originalsDrop: Handler<'originals.drop'> = (context, what) => change(context, (queue) => queue.drop(what))
export const originalsPause: Handler<'originals.pause'> = (context, { paused }) =>
  change(context, (queue) => queue.pause(paused))
export const originalsKeepNew: Handler<'originals.keepNew'> = (context, { keep }) =>
  change(context, (queue) => queue.keepNew(keep))
