/** Records as the client passes them to the store, with defaults for all values that do not matter to a test. */
import type { Account, CreditTransaction, Job, JobResult } from '../../src/core/service/schemas.ts'
import type { CaseItem, LedgerItem, SyncState } from '../../src/shared/views.ts'

/** 2026-01-28 00:00 UTC, the start of the first day in these tests. */
export const midnight = Date.UTC(2026, 0, 28)
export const minute = 60_000

export const makeAccount = (partial: Partial<Account> = {}): Account => ({
  id: 'account-1',
  displayName: '김하늘',
  email: 'haneul@example.com',
  signInMethod: 'google',
  plan: 'plus',
  balance: 1_000,
  balanceAsOf: midnight,
  balances: [],
  policy: { refundGraceSeconds: 600, generationLimitSeconds: 1_800 },
  links: {},
  ...partial,
})

export const makeResult = (id: string): JobResult => ({
  id,
  mimeType: 'image/png',
  url: `https://media.example.com/${id}.png`,
  thumbnailUrl: null,
  width: null,
  height: null,
  durationMs: null,
  bytes: null,
  sha256: null,
})

export const makeJob = (partial: Partial<Job> = {}): Job => ({
  id: 'job-1',
  agent: 'agent-1',
  chatId: 'chat-1',
  chatTitle: null,
  chatUrl: null,
  kind: 'image',
  model: 'Z Image',
  prompt: '',
  status: 'succeeded',
  failure: null,
  requestedResults: 1,
  createdAt: midnight,
  startedAt: null,
  finishedAt: null,
  revision: 1,
  results: [],
  ...partial,
})

export const makeTransaction = (partial: Partial<CreditTransaction> = {}): CreditTransaction => ({
  id: 'transaction-1',
  kind: 'charge',
  feature: 'image',
  source: null,
  amount: -10,
  balanceAfter: null,
  occurredAt: midnight,
  jobId: null,
  agent: null,
  reverses: null,
  model: null,
  memo: null,
  expiresAt: null,
  ...partial,
})

/** A ledger row as a screen receives it. */
export const makeLedgerItem = (partial: Partial<LedgerItem> = {}): LedgerItem => ({
  account: null,
  id: 'transaction-1',
  kind: 'charge',
  feature: 'image',
  source: null,
  amount: -10,
  balanceAfter: null,
  runningBalance: null,
  precisionMs: 1,
  occurredAt: midnight,
  agent: null,
  model: null,
  memo: null,
  jobId: null,
  statedJobId: null,
  prompt: null,
  reverses: null,
  reversesAt: null,
  expiresAt: null,
  retractedAt: null,
  case: null,
  refundStatus: null,
  thumbnail: null,
  ...partial,
})

/** A case as a screen receives it. */
export const makeCaseItem = (partial: Partial<CaseItem> = {}): CaseItem => ({
  account: null,
  case: 'job:agent-1:job-1',
  agent: 'agent-1',
  jobId: 'job-1',
  kind: 'image',
  model: 'Z Image',
  prompt: '',
  chatTitle: null,
  outcome: 'succeeded',
  refundStatus: 'completed',
  reason: 'delivered',
  charged: 10,
  refunded: 0,
  outstanding: 10,
  since: midnight,
  precisionMs: 1,
  deadlineAt: null,
  dueAt: null,
  unread: [],
  historyEndsAt: null,
  jobsListedFrom: null,
  creditsListedFrom: null,
  surplus: 0,
  lacking: [],
  unreadable: [],
  thumbnail: null,
  matchedCharge: null,
  dismissedAt: null,
  ...partial,
})

/** A sync that is idle and up to date. */
export const makeSyncState = (partial: Partial<SyncState> = {}): SyncState => ({
  status: 'idle',
  streams: [],
  lastSuccessAt: midnight,
  nextAt: null,
  rebuild: null,
  ...partial,
})
