import { describe, expect, it } from 'vitest'
import { resultBatches } from '../../src/core/domain/matching/batches.ts'
import { calibrated } from '../../src/core/domain/matching/calibration.ts'
import { claimsOf } from '../../src/core/domain/matching/claims.ts'
import { findShifts, madeTime } from '../../src/core/domain/matching/clock.ts'
import { learnHistory, matchSession } from '../../src/core/domain/matching/history.ts'
import type { MadeResult, MatchCharge } from '../../src/core/domain/matching/records.ts'
import { spreadTimes } from '../../src/core/domain/matching/session.ts'
import { sessionsOf } from '../../src/core/domain/matching/sessions.ts'
import { madeEvidences } from '../../src/shared/folders.ts'
import { knownHistory, usualWorld } from '../support/matching/history.ts'
import { matchHistory, readHistory } from '../support/matching/score.ts'

const minute = 60_000
const hour = 60 * minute

const result = (id: string, madeAt: number, values: Partial<MadeResult> = {}): MadeResult => ({
  id,
  madeAt,
  evidence: 'embedded',
  kind: 'image',
  model: null,
  prompt: null,
  ...values,
})
const charge = (id: string, at: number, values: Partial<MatchCharge> = {}): MatchCharge => ({
  id,
  at,
  precisionMs: 1_000,
  amount: 10,
  feature: 'image',
  model: null,
  ...values,
})

describe('batches of results', () => {
  const idsOf = (results: MadeResult[]) => resultBatches(results).map((batch) => batch.results.map(({ id }) => id))

  it('joins results of one kind that follow each other within 2.5 s', () => {
    const results = [result('a', 0), result('b', 2_000), result('c', 4_500), result('d', 7_100)]
    expect(idsOf(results)).toEqual([['a', 'b', 'c'], ['d']])
  })

  it('keeps results of another kind, model or prompt apart', () => {
    const named = (id: string, model: string | null, prompt: string | null) => result(id, 100, { model, prompt })
    const results = [named('a', 'x', 'cat'), result('v', 100, { kind: 'video' }), named('b', 'y', 'cat')]
    expect(idsOf([...results, named('c', 'x', 'dog'), named('d', null, 'cat')])).toEqual([
      ['a', 'd'],
      ['v'],
      ['b'],
      ['c'],
    ])
  })

  it('begins another batch after eight results', () => {
    const results = Array.from({ length: 9 }, (_, index) => result(`${index}`, index * 10))
    expect(idsOf(results).map((ids) => ids.length)).toEqual([8, 1])
  })
})

describe('times', () => {
  it('ends a session where no charge can have paid for a later result', () => {
    const gap = 45 * minute
    expect(sessionsOf([0, gap - 1, 3 * gap])).toEqual([
      { from: 0, to: gap },
      { from: 3 * gap, to: 3 * gap + 1 },
    ])
  })

  it('spreads the rows of one minute over it in the order of their table', () => {
    const rows = [0, 0, 0, minute].map((at) => ({ at, precisionMs: minute }))
    expect(spreadTimes(rows)).toEqual([15_000, 30_000, 45_000, minute + 30_000])
  })

  it('finds the zone of files that state none, from at least ten of them', () => {
    const { charges, results } = knownHistory({ ...usualWorld, jobs: 60 }, 9)
    const shifted = results.map(
      (made): MadeResult => ({ ...made, madeAt: made.madeAt - 9 * hour, evidence: 'embedded_no_zone' }),
    )
    const shifts = findShifts(charges, shifted)
    expect(shifts).toEqual({ embedded_no_zone: -9 * hour, name: null })
    expect(madeTime(shifted[0] as MadeResult, shifts)).toBe(results[0]?.madeAt)
    expect(findShifts(charges.slice(0, 8), shifted.slice(0, 8)).embedded_no_zone).toBeNull()
  })

  it('knows no time at which a result was made from the date of its file', () => {
    expect(madeTime(result('a', 5, { evidence: 'saved' }), { embedded_no_zone: 0, name: 0 })).toBeNull()
  })
})

describe('matching', () => {
  const history = knownHistory({ ...usualWorld, jobs: 200, gapMs: 300_000 }, 3)
  const { sessions, shifts } = readHistory(history)
  const knowledge = learnHistory(sessions, shifts)

  it('gives two equal charges with two batches between them a sure delivery, and neither batch a sure charge', () => {
    const charges = [charge('a', 0, { amount: 40 }), charge('b', 1_000, { amount: 40 })]
    const [first, second] = matchSession({ charges, results: [result('x', 60_000), result('y', 63_000)] }, knowledge)
    expect(first?.candidates.map(({ results }) => results).toSorted()).toEqual([['x'], ['y']])
    for (const match of [first, second]) {
      expect(match?.delivered).toBeGreaterThan(0.8)
      expect(match?.candidates[0]?.probability).toBeLessThan(0.8)
    }
  })

  it('never names a result that the user refused, and then looks for another', () => {
    const refused = new Set(['a x'])
    const session = { charges: [charge('a', 0)], results: [result('x', 60_000), result('y', 90_000)] }
    const [match] = matchSession(session, knowledge, (chargeId, resultId) => refused.has(`${chargeId} ${resultId}`))
    expect(match?.candidates.map(({ results }) => results)).toEqual([['y']])
  })

  it('lets files without a zone decide only after their zone was found', () => {
    const session = { charges: [charge('a', 0)], results: [result('x', 60_000, { evidence: 'embedded_no_zone' })] }
    const decisive = (zone: number | null) =>
      matchSession(session, { ...knowledge, shifts: { embedded_no_zone: zone, name: null } })[0]?.isDecisive
    expect([decisive(null), decisive(0)]).toEqual([false, true])
  })

  it('never pairs a charge with a result of another feature', () => {
    const session = { charges: [charge('a', 0)], results: [result('x', 60_000, { kind: 'video' })] }
    expect(matchSession(session, knowledge)[0]).toMatchObject({ candidates: [], delivered: 0 })
  })

  it('gives the same answer to a session whatever else the history holds', () => {
    const [session] = sessions
    if (!session) throw new Error('no session')
    const ids = new Set(session.charges.map(({ id }) => id))
    const whole = sessions.flatMap((each) => matchSession(each, knowledge)).filter(({ chargeId }) => ids.has(chargeId))
    expect(matchSession(session, knowledge)).toEqual(whole)
  })

  it('gives the same answer every time', () => {
    expect(matchHistory(history)).toEqual(matchHistory(history))
  })

  it('claims no more than the calibration table found right', () => {
    const probabilities = Array.from({ length: 101 }, (_, index) => index / 100)
    for (const claim of ['pair', 'delivered'] as const) {
      const values = probabilities.map((probability) => calibrated(claim, probability))
      expect(values).toEqual(values.toSorted((a, b) => a - b))
      expect(values.at(-1)).toBeLessThan(1)
      expect(calibrated(claim, 0.95)).toBeLessThan(0.95)
    }
  })
})

describe('claims', () => {
  const candidate = (probability: number, isDecisive = true) => ({
    results: [`${probability}`],
    probability,
    madeAt: 0,
    delayMs: 0,
    isAssigned: true,
    isNeighbour: false,
    isDecisive,
  })
  const claimed = (delivered: number, ...candidates: ReturnType<typeof candidate>[]) =>
    claimsOf({
      chargeId: 'a',
      delivered,
      isDecisive: candidates.every(({ isDecisive }) => isDecisive),
      candidates,
    }).map(({ results, probability }) => [results.length, probability])

  it('names a batch from 95 % on', () => {
    expect(claimed(0.97, candidate(0.95), candidate(0.02))).toEqual([[1, 0.95]])
  })

  it('says that one of several batches belongs to the charge if none is sure alone', () => {
    expect(claimed(0.96, candidate(0.5), candidate(0.46))).toEqual([[0, 0.96]])
    expect(claimed(0.94, candidate(0.94))).toEqual([])
  })

  it('claims nothing by results whose zone is not known, and never that nothing came', () => {
    expect(claimed(0.99, candidate(0.99, false))).toEqual([])
    expect(claimed(0.97, candidate(0.5), candidate(0.47, false))).toEqual([])
    expect(claimed(0)).toEqual([])
  })
})

it('orders the evidence of times by name from the best to the worst, as the store relies on', () => {
  expect(madeEvidences).toEqual(madeEvidences.toSorted())
})
