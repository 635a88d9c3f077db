import { attentionStatuses, type Feature } from '../../../shared/values.ts'
import type { CreditFlow } from '../../../shared/views.ts'
import { creditsPath } from '../../navigation/credits-path.ts'
import { libraryPath, refundsPath } from '../../navigation/paths.ts'

export type FlowPart = keyof CreditFlow

const talk: Feature[] = ['chat', 'web_search', 'file_analysis', 'code']

/** The parts of the bar in their order, and the list that each of them opens. */
export const flowParts = (days: number): { part: FlowPart; to: string }[] => [
  { part: 'delivered', to: libraryPath({ statuses: ['completed', 'partially_refunded'], days }) },
  { part: 'notGeneration', to: creditsPath({ kinds: ['charge'], features: talk }) },
  { part: 'refunded', to: refundsPath({ tab: 'refunded' }) },
  { part: 'pending', to: refundsPath({ statuses: ['refund_pending'] }) },
  { part: 'inProgress', to: refundsPath({ statuses: ['in_progress'] }) },
  { part: 'cannotTell', to: refundsPath({ statuses: ['cannot_tell'] }) },
  { part: 'dismissed', to: refundsPath({ tab: 'all', statuses: [...attentionStatuses] }) },
  { part: 'attention', to: refundsPath({ statuses: [...attentionStatuses] }) },
]
