/** The frequencies in a large account: models, outcomes of jobs, and ledger rows that are not for media. */
import type { CreditSource, Feature, JobKind, TransactionKind } from '../../src/shared/values.ts'

interface Weighted {
  weight: number
}

/** Picks one of `values` by its weight. */
export function pick<T extends Weighted>(values: readonly T[], random: () => number): T {
  let left = random() * values.reduce((sum, { weight }) => sum + weight, 0)
  for (const value of values) {
    left -= value.weight
    if (left < 0) return value
  }
  return values[0] as T
}

interface Model extends Weighted {
  name: string
  kind: JobKind
  price: number
}
const model = (name: string, kind: JobKind, price: number, weight: number): Model => ({ name, kind, price, weight })

/** Twenty models of uneven use: the first made a quarter of all jobs, and the last one job in two thousand. */
export const models: readonly Model[] = [
  model('Z Image', 'image', 8, 500),
  model('Nano Banana Pro', 'image', 12, 320),
  model('Carat Video (LTX)', 'video', 33, 240),
  model('Seedream 4.0', 'image', 10, 200),
  model('Seedance 2.0', 'video', 40, 150),
  model('ChatGPT Image 1.5', 'image', 14, 130),
  model('Nano Banana', 'image', 6, 100),
  model('Lyria', 'audio', 20, 80),
  model('Seedream 3.0', 'image', 8, 60),
  model('Veo 3.1', 'video', 60, 50),
  model('Kling 2.5 Turbo', 'video', 35, 40),
  model('FLUX.2 Pro', 'image', 9, 32),
  model('Auto Subtitles', 'subtitle', 6, 25),
  model('Imagen 4', 'image', 9, 20),
  model('Ideogram 3.0', 'image', 11, 16),
  model('Sora 2', 'video', 80, 12),
  model('ElevenLabs v3', 'audio', 7, 10),
  model('Recraft V3', 'image', 7, 8),
  model('Hailuo 02', 'video', 30, 5),
  model('Carat Slides', 'other', 15, 1),
]
export const commonModel = 'Z Image'
export const rareModel = 'Carat Slides'

export const sizes = [
  [1024, 1024],
  [1280, 720],
  [720, 1280],
  [1216, 832],
] as const

/** The outcome, charge and refund of a job. */
export interface Fate {
  status: string
  delivered?: true
  failure?: { code: string; origin: 'system' | 'policy' }
  /** The charge names its job or an unknown job, or there is no charge. */
  charge: 'job' | 'unknown' | 'none'
  refund?: 'whole' | 'part'
}

const failed = (origin: 'system' | 'policy', code: string): Pick<Fate, 'status' | 'failure'> => ({
  status: 'failed',
  failure: { code, origin },
})

/** They produce every refund status except `cannot_tell`, which no finished sync leaves. */
const fates: readonly (Fate & Weighted)[] = [
  { weight: 9_350, status: 'succeeded', delivered: true, charge: 'job' },
  { weight: 300, ...failed('system', 'render_timeout'), charge: 'job', refund: 'whole' },
  { weight: 110, status: 'succeeded', delivered: true, charge: 'none' },
  { weight: 70, ...failed('policy', 'policy_block'), charge: 'job' },
  { weight: 60, status: 'canceled', charge: 'job' },
  { weight: 35, status: 'succeeded', delivered: true, charge: 'job', refund: 'part' },
  { weight: 30, ...failed('system', 'render_timeout'), charge: 'job' },
  { weight: 20, status: 'succeeded', delivered: true, charge: 'unknown' },
  { weight: 12, status: 'succeeded', charge: 'job' },
  { weight: 8, status: 'running', charge: 'job' },
  { weight: 5, status: 'archived', charge: 'job' },
]
export const fateOf = (random: () => number): Fate => pick(fates, random)

interface LedgerRow extends Weighted {
  kind: TransactionKind
  feature: Feature | null
  source: CreditSource
  amount: number
}

/** Ledger rows that do not charge for media. */
export const otherRows: readonly LedgerRow[] = [
  { weight: 800, kind: 'charge', feature: 'chat', source: 'subscription', amount: -1 },
  { weight: 80, kind: 'charge', feature: 'web_search', source: 'daily_free', amount: -2 },
  { weight: 40, kind: 'charge', feature: 'file_analysis', source: 'subscription', amount: -4 },
  { weight: 30, kind: 'charge', feature: 'code', source: 'subscription', amount: -3 },
  { weight: 30, kind: 'grant', feature: null, source: 'daily_free', amount: 50 },
  { weight: 12, kind: 'expiry', feature: null, source: 'daily_free', amount: -10 },
  { weight: 6, kind: 'top_up', feature: null, source: 'top_up', amount: 3_000 },
  { weight: 2, kind: 'adjustment', feature: null, source: 'promotion', amount: 20 },
]
