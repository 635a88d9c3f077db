import { awaitingRefundStatuses, awaitingResultStatuses, unprovenStatuses } from '../../../shared/status-sets.ts'
import { attentionStatuses, type Feature } from '../../../shared/values.ts'
import type { CreditFlow } from '../../../shared/views.ts'
import { creditsPath } from '../../navigation/credits-path.ts'
import { libraryPath, refundsPath } from '../../navigation/paths.ts'

type FlowSegment = keyof CreditFlow

const talk: Feature[] = ['chat', 'web_search', 'file_analysis', 'code']

/** The segments of the flow bar from left to right, each with the address of its list. */
export const flowSegments = (days: number): { segment: FlowSegment; to: string }[] => [
  { segment: 'delivered', to: libraryPath({ statuses: ['completed', 'partially_refunded'], days }) },
  { segment: 'notGeneration', to: creditsPath({ kinds: ['charge'], features: talk }) },
  { segment: 'refunded', to: refundsPath({ tab: 'refunded' }) },
  { segment: 'pending', to: refundsPath({ statuses: [...awaitingRefundStatuses] }) },
  { segment: 'inProgress', to: refundsPath({ statuses: [...awaitingResultStatuses] }) },
  { segment: 'cannotTell', to: refundsPath({ statuses: [...unprovenStatuses] }) },
  { segment: 'dismissed', to: refundsPath({ tab: 'all', statuses: [...attentionStatuses] }) },
  { segment: 'attention', to: refundsPath({ statuses: [...attentionStatuses] }) },
]
