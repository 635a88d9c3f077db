import type { Agent, JobKind, Outcome, RefundReason, RefundStatus } from '../../src/shared/values.ts'
import type { CaseItem, JobItem, LedgerItem, ResultView } from '../../src/shared/views.ts'

/** Wednesday, 18 March 2026, 14:20 in Seoul. */
export const fixtureNow = Date.parse('2026-03-18T14:20:00+09:00')
const minute = 60_000
const hour = 60 * minute
const grace = 24 * hour
const limit = 2 * hour

interface Sketch {
  agent: Agent
  kind: JobKind
  model: string
  prompt: string
  chat: string
  charged: number
  refunded?: number
  minutesAgo: number
  results: number
  outcome: Outcome
  status: RefundStatus
  reason: RefundReason
}

const sketch = (
  agent: 1 | 2,
  kind: JobKind,
  model: string,
  prompt: string,
  chat: string,
  [charged, refunded]: [number, number],
  minutesAgo: number,
  results: number,
  [outcome, status, reason]: [Outcome, RefundStatus, RefundReason],
): Sketch => ({
  agent: `agent-${agent}`,
  kind,
  model,
  prompt,
  chat,
  charged,
  refunded,
  minutesAgo,
  results,
  outcome,
  status,
  reason,
})

const delivered: [Outcome, RefundStatus, RefundReason] = ['succeeded', 'completed', 'delivered']

const newest: Sketch[] = [
  sketch(2, 'video', 'Seedance 2.0', '눈 내리는 한옥 마당, 느린 줌', '겨울 영상', [40, 0], 3, 0, [
    'running',
    'in_progress',
    'generating',
  ]),
  sketch(
    2,
    'image',
    'Seedream 4.0',
    '오후 빛이 드는 나무 탁자 위의 백자 달항아리, 얕은 심도, 4장',
    '봄 전시 포스터 시안',
    [40, 10],
    42,
    3,
    ['succeeded', 'partially_refunded', 'part_refunded'],
  ),
  sketch(1, 'video', 'Carat Video (LTX)', '파도에 밀려오는 유리병', '바다 이야기', [33, 0], 151, 0, [
    'failed',
    'refund_pending',
    'system_failure',
  ]),
  sketch(1, 'image', 'Z Image', '가지에 달린 감 두 개', '가을 정물', [8, 0], 315, 1, delivered),
  sketch(2, 'image', 'Seedream 4.0', '창가에 앉은 검은 고양이', '고양이 연작', [10, 0], 949, 1, delivered),
  sketch(2, 'video', 'Seedance 2.0', '달빛 아래 잔잔한 밤바다, 12초', '바다 이야기', [40, 0], 971, 1, delivered),
  sketch(1, 'video', 'Carat Video (LTX)', '한강 다리 너머로 지는 해', '서울 풍경', [33, 0], 982, 1, delivered),
  sketch(1, 'image', 'Z Image', '골목을 걷는 고양이', '고양이 연작', [33, 33], 1108, 0, [
    'failed',
    'refunded',
    'refund_posted',
  ]),
  sketch(2, 'image', 'Seedream 4.0', '유명 배우를 닮은 인물 초상', '인물 연습', [20, 0], 1370, 0, [
    'failed',
    'needs_review',
    'policy_block',
  ]),
  sketch(
    2,
    'audio',
    'Carat Voice',
    '잔잔한 바다 소리와 낮은 목소리의 내레이션',
    '바다 이야기',
    [5, 0],
    1500,
    1,
    delivered,
  ),
  sketch(
    1,
    'video',
    'Carat Video (LTX)',
    '노을 지는 한강 위를 나는 종이학, 8초, 시네마틱',
    '서울 풍경',
    [33, 0],
    2502,
    0,
    ['failed', 'refund_missing', 'system_failure'],
  ),
  sketch(2, 'image', 'Seedream 4.0', 'A brass teapot on wet slate, soft window light', 'Tea house', [10, 0], 2700, 0, [
    'failed',
    'cannot_tell',
    'system_failure',
  ]),
  sketch(2, 'subtitle', 'Carat Caption', '강연 영상 자막, 한국어와 영어', '강연', [0, 0], 2800, 1, [
    'succeeded',
    'not_charged',
    'no_charge',
  ]),
]

const prompts = [
  '안개 낀 새벽 산길',
  'Neon alley in the rain, 35 mm',
  '조각보 무늬의 그릇',
  '봄비가 내리는 기와지붕',
  'Tea field at dawn',
]
const older: Sketch[] = Array.from({ length: 227 }, (_, index) =>
  sketch(
    index % 3 === 0 ? 1 : 2,
    index % 4 === 0 ? 'video' : 'image',
    index % 4 === 0 ? 'Seedance 2.0' : 'Seedream 4.0',
    prompts[index % prompts.length] as string,
    '지난 작업',
    [index % 4 === 0 ? 40 : 10, 0],
    3000 + index * 190,
    index % 5 === 0 ? 4 : 1,
    delivered,
  ),
)

const sizes: [number, number][] = [
  [1536, 1024],
  [1024, 1024],
  [1024, 1536],
  [1920, 1080],
]

export const jobs: JobItem[] = [...newest, ...older].map((one, index): JobItem => {
  const createdAt = fixtureNow - one.minutesAgo * minute
  const [width, height] = sizes[index % sizes.length] as [number, number]
  const visual = one.kind === 'image' || one.kind === 'video'
  return {
    agent: one.agent,
    jobId: `job_${String(index + 1).padStart(4, '0')}`,
    chatId: `chat_${one.chat.length}`,
    chatTitle: one.chat,
    kind: one.kind,
    model: one.model,
    prompt: one.prompt,
    outcome: one.outcome,
    refundStatus: one.status,
    refundReason: one.reason,
    charged: one.charged,
    refunded: one.refunded ?? 0,
    dueAt: one.status === 'refund_pending' ? createdAt + grace : null,
    createdAt,
    finishedAt: one.outcome === 'running' ? null : createdAt + 3 * minute,
    requestedResults: one.status === 'partially_refunded' ? 4 : Math.max(1, one.results),
    resultCount: one.results,
    results: Array.from(
      { length: one.results },
      (_, number): ResultView => ({
        id: `result_${number + 1}`,
        mimeType: { image: 'image/png', video: 'video/mp4', audio: 'audio/mpeg' }[one.kind as string] ?? 'text/vtt',
        width: visual ? width : null,
        height: visual ? height : null,
        durationMs: one.kind === 'video' ? 12_000 : one.kind === 'audio' ? 22_000 : null,
        bytes: 1_240_000,
      }),
    ),
    removedAt: index === 20 ? fixtureNow - 5 * 24 * hour : null,
  }
})

export function caseOf(job: JobItem): CaseItem {
  const since = job.finishedAt ?? job.createdAt
  const waits = job.refundReason === 'system_failure'
  return {
    case: `job:${job.agent}:${job.jobId}`,
    agent: job.agent,
    jobId: job.jobId,
    kind: job.kind,
    model: job.model,
    prompt: job.prompt,
    chatTitle: job.chatTitle,
    outcome: job.outcome,
    refundStatus: job.refundStatus,
    reason: job.refundReason,
    charged: job.charged,
    refunded: job.refunded,
    outstanding: job.charged - job.refunded,
    since,
    deadlineAt: waits ? since + grace : job.outcome === 'running' ? since + limit : null,
    dueAt: job.dueAt,
    unread: job.refundStatus === 'cannot_tell' ? ['credits'] : [],
    thumbnail: job.results[0] ?? null,
    dismissedAt: null,
  }
}

const orphanAt = Date.parse('2026-03-17T22:05:00+09:00')
export const orphanCase: CaseItem = {
  case: 'charge:txn_orphan',
  agent: 'agent-2',
  jobId: null,
  kind: 'video',
  model: 'Seedance 2.0',
  prompt: null,
  chatTitle: null,
  outcome: 'no_job',
  refundStatus: 'result_missing',
  reason: 'no_job',
  charged: 30,
  refunded: 0,
  outstanding: 30,
  since: orphanAt,
  deadlineAt: orphanAt + limit,
  dueAt: null,
  unread: [],
  thumbnail: null,
  dismissedAt: null,
}

const row = (change: Partial<LedgerItem> & Pick<LedgerItem, 'id' | 'kind' | 'amount' | 'occurredAt'>): LedgerItem => ({
  feature: null,
  source: 'subscription',
  balanceAfter: null,
  runningBalance: null,
  agent: null,
  model: null,
  memo: null,
  jobId: null,
  prompt: null,
  reverses: null,
  reversesAt: null,
  expiresAt: null,
  retractedAt: null,
  case: null,
  refundStatus: null,
  thumbnail: null,
  ...change,
})

function rowsOf(job: JobItem): LedgerItem[] {
  const result = job.results[0]
  const shared = {
    feature: job.kind as LedgerItem['feature'],
    agent: job.agent,
    model: job.model,
    jobId: job.jobId,
    prompt: job.prompt,
    case: `job:${job.agent}:${job.jobId}`,
    refundStatus: job.refundStatus,
  }
  const charge = row({
    ...shared,
    id: `txn_${job.jobId}`,
    kind: 'charge',
    amount: -job.charged,
    occurredAt: job.createdAt + 1000,
    thumbnail: result ? { agent: job.agent, jobId: job.jobId, resultId: result.id } : null,
  })
  const refund = row({
    ...shared,
    id: `txn_${job.jobId}_back`,
    kind: 'refund',
    amount: job.refunded,
    occurredAt: job.createdAt + 5 * minute,
    reverses: charge.id,
    reversesAt: charge.occurredAt,
  })
  return [...(job.charged ? [charge] : []), ...(job.refunded ? [refund] : [])]
}

const others: LedgerItem[] = [
  row({
    id: 'txn_orphan',
    kind: 'charge',
    amount: -30,
    occurredAt: orphanAt,
    feature: 'video',
    agent: 'agent-2',
    model: 'Seedance 2.0',
    case: 'charge:txn_orphan',
    refundStatus: 'result_missing',
  }),
  row({
    id: 'txn_chat',
    kind: 'charge',
    amount: -1,
    occurredAt: fixtureNow - 4 * minute,
    feature: 'chat',
    agent: 'agent-2',
    memo: '봄 전시 포스터 시안',
  }),
  row({
    id: 'txn_web',
    kind: 'charge',
    amount: -2,
    occurredAt: fixtureNow - 238 * minute,
    feature: 'web_search',
    agent: 'agent-2',
    memo: '조선 백자 도록',
  }),
  row({ id: 'txn_grant', kind: 'grant', amount: 100, occurredAt: fixtureNow - 30 * hour, source: 'promotion' }),
  row({ id: 'txn_top_up', kind: 'top_up', amount: 500, occurredAt: fixtureNow - 100 * hour, source: 'top_up' }),
  row({ id: 'txn_expiry', kind: 'expiry', amount: -50, occurredAt: fixtureNow - 60 * hour, source: 'daily_free' }),
]

export const ledger: LedgerItem[] = withBalances(
  [...jobs.flatMap(rowsOf), ...others].sort((a, b) => b.occurredAt - a.occurredAt),
)

function withBalances(rows: LedgerItem[]): LedgerItem[] {
  let balance = 1846
  return rows.map((one) => {
    const after = balance
    balance -= one.amount
    return { ...one, balanceAfter: after, runningBalance: after }
  })
}
