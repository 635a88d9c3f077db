/** The closed vocabularies of the product. An unknown value from the service is kept as text and shown as "unknown". */

export const agents = ['agent-1', 'agent-2'] as const
export type Agent = (typeof agents)[number]

/** Tile pictures: copies whose shorter side has so many pixels, for a screen with 1, 1.5 or 2 pixels per CSS pixel. */
export const tileSizes = ['tile180', 'tile270', 'tile360'] as const
export type TileSize = (typeof tileSizes)[number]
export const mediaSizes = [...tileSizes, 'thumbnail', 'original'] as const
export type MediaSize = (typeof mediaSizes)[number]

export const jobKinds = ['image', 'video', 'audio', 'subtitle', 'other'] as const
export type JobKind = (typeof jobKinds)[number]

export const jobStatuses = ['queued', 'running', 'succeeded', 'failed', 'canceled'] as const

/** What happened to a job; `no_job` is a charge without a job. */
export const outcomes = ['queued', 'running', 'succeeded', 'failed', 'canceled', 'unknown', 'no_job'] as const
export type Outcome = (typeof outcomes)[number]

/** What happened to the credits of a case, in the order of lists. */
export const refundStatuses = [
  'refund_missing',
  'result_missing',
  'needs_review',
  'cannot_tell',
  'refund_pending',
  'in_progress',
  'partially_refunded',
  'refunded',
  'completed',
  'not_charged',
] as const
export type RefundStatus = (typeof refundStatuses)[number]

/** The statuses that ask for the user's attention. */
export const attentionStatuses = ['refund_missing', 'result_missing', 'needs_review'] as const satisfies RefundStatus[]

export const refundReasons = [
  'over_refunded',
  'refund_posted',
  'refund_lapsed',
  'charge_withdrawn',
  'generating',
  'no_charge',
  'unknown_status',
  'share_refunded',
  'possible_refund',
  'stuck',
  'delivered',
  'part_refunded',
  'partly_delivered',
  'awaiting_result',
  'no_result',
  'system_failure',
  'policy_block',
  'canceled',
  'unknown_failure',
  'awaiting_job',
  'job_deleted',
  'possible_job',
  'possible_deletion',
  'no_job',
] as const
export type RefundReason = (typeof refundReasons)[number]

/** What an imported charge lacks for an answer. */
export type Lacking =
  | 'source_without_refunds'
  | 'period_not_covered'
  | 'results_not_known'
  | 'exported_job'
  | 'not_listed'

/** The streams that can disprove that something is missing. */
export const proofStreams = ['jobs:agent-1', 'jobs:agent-2', 'credits'] as const
export type ProofStream = (typeof proofStreams)[number]
export const isProofStream = (stream: Stream): stream is ProofStream => proofStreams.some((proof) => proof === stream)
/** The streams that are pulled from the service, each with its own cursor. */
export const streams = ['account', ...proofStreams] as const
export type Stream = (typeof streams)[number]
/** The streams of records: every stream but the account. */
export type RecordStream = Exclude<Stream, 'account'>

export const transactionKinds = ['charge', 'refund', 'grant', 'top_up', 'expiry', 'adjustment'] as const
export type TransactionKind = (typeof transactionKinds)[number]

export const features = [
  'image',
  'video',
  'audio',
  'subtitle',
  'chat',
  'web_search',
  'file_analysis',
  'code',
  'other',
] as const
export type Feature = (typeof features)[number]

export const creditSources = ['daily_free', 'random', 'subscription', 'top_up', 'promotion', 'points'] as const
export type CreditSource = (typeof creditSources)[number]

export const signInMethods = ['google', 'apple', 'kakao', 'email'] as const
export const plans = ['free', 'plus', 'premium', 'max', 'pro', 'business'] as const

export const languages = ['ko', 'en', 'both'] as const
export type Language = (typeof languages)[number]

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** How large the media cache may be, in gigabytes. */
export const cacheLimits = [1, 5, 20] as const
export type CacheLimit = (typeof cacheLimits)[number]

/** The tabs of the list of cases. */
/** `matches`: charges that wait for the user's decision which results belong to them. */
export const caseTabs = ['open', 'matches', 'refunded', 'all'] as const
export type CaseTab = (typeof caseTabs)[number]

/** The dimensions by which jobs are filtered and counted. */
export const jobDimensions = ['agents', 'kinds', 'models', 'outcomes', 'refundStatuses'] as const
export type JobDimension = (typeof jobDimensions)[number]

export const exportFormats = ['csv', 'xlsx', 'json', 'zip'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** The outbound links of resources/links.json. The renderer names a key and never an address. */
export const linkKeys = [
  'home',
  'agent1',
  'agent2',
  'upgrade',
  'credits',
  'support',
  'helpFailed',
  'helpMissingChats',
  'helpUnwanted',
  'helpHistory',
  'terms',
  'law17',
] as const
export type LinkKey = (typeof linkKeys)[number]
/** resources/links.json: an address per key and language. A language without an address uses `en`. */
export type LinkTable = Record<LinkKey, { en: string; ko?: string }>

/** An enum value of the service that this version may not know: stored, and shown as "unknown". */
export type Open<T extends string> = T | (string & {})

/** The groups of texts that only hosts and the command line use. The build leaves them out of the page. */
export const hostTexts = ['browserPage', 'cli', 'failure', 'launch', 'menu', 'move', 'notification', 'tray'] as const
