import type { Overview, SyncState } from '../../../shared/views.ts'

type Sentence =
  | 'reading'
  | 'unread'
  | 'empty'
  | 'unused'
  | 'unusedToCheck'
  | 'usedSoFar'
  | 'toCheck'
  | 'casesToCheck'
  | 'cannotTell'
  | 'good'

/** The first sentence of the Overview. It claims nothing that an unfinished sync could still disprove. */
export function sentenceOf(overview: Overview, sync: SyncState | undefined): Sentence {
  const { charged, flow, attentionCount, jobCount } = overview
  const wholeNeverRead = sync !== undefined && sync.lastSuccessAt === null
  if (wholeNeverRead && charged === 0) return sync.status === 'running' ? 'reading' : 'unread'
  if (flow.attention > 0) return 'toCheck'
  if (attentionCount > 0) return charged > 0 ? 'casesToCheck' : 'unusedToCheck'
  if (wholeNeverRead) return 'usedSoFar'
  if (charged === 0) return jobCount > 0 ? 'unused' : 'empty'
  return flow.cannotTell > 0 ? 'cannotTell' : 'good'
}
