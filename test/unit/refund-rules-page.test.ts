/** Compares docs/refund-rules.md with the code and the locales. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import en from '../../resources/locales/en.json' with { type: 'json' }
import ko from '../../resources/locales/ko.json' with { type: 'json' }
import {
  doubleCharges,
  excessCharges,
  oddRefunds,
  type RefundFacts,
  retractedCharges,
  retriedCharges,
} from '../../src/core/domain/findings.ts'
import { flowSegmentOf } from '../../src/core/domain/flow.ts'
import { type DifferenceFacts, differenceCandidates } from '../../src/core/domain/reconcile.ts'
import { decideRefundStatus } from '../../src/core/domain/refund-status.ts'
import { answerKey, answerKeys } from '../../src/shared/refund-answers.ts'
import {
  awaitingRefundStatuses,
  awaitingResultStatuses,
  lostStatuses,
  openStatuses,
  refundedStatuses,
  resolvedStatuses,
  unprovenStatuses,
} from '../../src/shared/status-sets.ts'
import { agents, attentionStatuses, type ProofStream, refundStatuses } from '../../src/shared/values.ts'
import type { Situation } from '../property/refund-oracle.ts'
import { boundaryTable } from '../property/refund-table.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')
const page = read('docs/refund-rules.md')

/** The rows of the table under a heading, by column name. Throws if there is none. */
function table(heading: string): Record<string, string>[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`))
  const [head, , ...rows] = (section ?? '').split('\n').filter((line) => line.startsWith('|'))
  if (!head) throw new Error(`no table under ${heading}`)
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
  const names = cells(head)
  return rows.map((row) => Object.fromEntries(cells(row).map((cell, index) => [names[index], cell])))
}

const codes = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string).sort()
const ids = (heading: string) => table(heading).map((row) => row.Id)
const idsInComments = (path: string, family: string) =>
  [...read(path).matchAll(new RegExp(`// (${family}\\d+):`, 'g'))].map(([, id]) => id)

const never: Situation['readUntil'] = { 'jobs:agent-1': null, 'jobs:agent-2': null, credits: null }
const always = { 'jobs:agent-1': Infinity, 'jobs:agent-2': Infinity, credits: Infinity }

/** The verdict of a synced case if the balance holds no more than the rows; otherwise nothing is called missing. */
const decide = ({ facts, policy, now }: Situation, readUntil: Situation['readUntil']) =>
  decideRefundStatus({ ...facts, surplus: 0, isImported: false, unreadable: [] }, policy, readUntil, now)

/** The streams that the rule asks for; the stream of the job's own agent as `jobs:AGENT`. */
function proofOf(situation: Situation): string[] {
  const [first = [], second = []] = agents.map(
    (agent) => decide({ ...situation, facts: { ...situation.facts, agent } }, never).unread,
  )
  const nameOf = (stream: ProofStream) => (second.includes(stream) ? stream : 'jobs:AGENT')
  return first.map(nameOf).sort()
}

function waitOf({ policy, ...situation }: Situation): string {
  const { since, deadlineAt } = decide({ policy, ...situation }, always)
  if (deadlineAt === null) return 'none'
  return deadlineAt - since === policy.refundGraceMs ? 'refund grace' : 'generation limit'
}

const byRule = [...Map.groupBy(boundaryTable, ({ rule }) => rule)].map(([id, rows]) => ({
  id,
  situations: rows.map(({ situation }) => situation),
}))
const distinct = (values: string[]) => [...new Set(values)].sort()

describe('the refund rules', () => {
  it('have the status, reasons, wait and proof that the page states', () => {
    const stated = table('Refund status').map((row) => ({
      id: row.Id,
      status: codes(row.Status),
      reason: codes(row.Reason),
      wait: [row.Wait],
      proof: codes(row.Proof),
    }))
    const decided = byRule.map(({ id, situations }) => ({
      id,
      status: distinct(situations.map((situation) => decide(situation, always).status)),
      reason: distinct(situations.map((situation) => decide(situation, always).reason)),
      wait: distinct(situations.map(waitOf)),
      proof: distinct(situations.flatMap(proofOf)),
    }))
    expect(decided).toEqual(stated)
  })

  it('show the words that the page states', () => {
    const titles = (locale: typeof en | typeof ko) =>
      new Map<string, string>(
        Object.entries(locale.refunds.verdict).flatMap(([status, reasons]) =>
          Object.entries(reasons).map(([reason, { title }]) => [`${status}.${reason}`, title] as const),
        ),
      )
    const [english, korean] = [titles(en), titles(ko)]
    const shown = byRule.flatMap(({ id, situations }) => {
      const keys = situations.flatMap((situation) =>
        [always, never].map((readUntil) => {
          const { status, reason } = decide(situation, readUntil)
          return answerKey({ refundStatus: status, reason, refunded: situation.facts.refunded })
        }),
      )
      return distinct(keys).map((key) => `${id} ${key} ${english.get(key)} ${korean.get(key)}`)
    })
    const stated = table('Words').map((row) => `${row.Id} ${codes(row.Key)[0]} ${row.English} ${row.Korean}`)
    expect(stated.toSorted()).toEqual(shown.toSorted())
    expect(new Set(table('Words').flatMap((row) => codes(row.Key)))).toEqual(new Set(english.keys()))
    expect(new Set<string>(answerKeys)).toEqual(new Set(english.keys()))
  })

  it('stand in the comments of the rule function and in test names, in the order of the page', () => {
    expect(idsInComments('src/core/domain/refund-status.ts', 'R')).toEqual(ids('Refund status'))
    expect(distinct(boundaryTable.map(({ name }) => name.split(':')[0] as string))).toEqual(
      distinct(ids('Refund status') as string[]),
    )
  })
})

describe('the linking rules', () => {
  it('stand in the comments of the linking functions and in test names, in the order of the page', () => {
    const inCode = ['linking', 'possible-links', 'unlinked-refunds'].flatMap((file) =>
      idsInComments(`src/core/domain/${file}.ts`, 'L'),
    )
    expect(inCode).toEqual(ids('Linking'))
    const named = [...read('test/unit/linking.test.ts').matchAll(/^test[^']*'.*?(L\d+):|\('(L\d+):/gm)]
    expect(distinct(named.map(([, each, plain]) => (plain ?? each) as string))).toEqual(
      distinct(ids('Linking') as string[]),
    )
  })
})

describe('the status sets and the flow of credits', () => {
  it('hold the statuses that the page states', () => {
    const sets = {
      lost: lostStatuses,
      attention: attentionStatuses,
      open: openStatuses,
      refunded: refundedStatuses,
      resolved: resolvedStatuses,
      awaitingRefund: awaitingRefundStatuses,
      awaitingResult: awaitingResultStatuses,
      unproven: unprovenStatuses,
    }
    expect(table('Status sets').map((row) => [row.Set, codes(row.Statuses)])).toEqual(
      Object.entries(sets).map(([name, statuses]) => [name, statuses.toSorted()]),
    )
  })

  it('put every status into the segment that the page states', () => {
    const stated = table('Flow of credits')
    for (const dismissed of [false, true]) {
      for (const status of refundStatuses) {
        const rows = stated.filter(
          (row) =>
            codes(row.Statuses).includes(status) && ['either', dismissed ? 'yes' : 'no'].includes(row.Dismissed ?? ''),
        )
        expect(
          rows.map((row) => row.Segment),
          status,
        ).toEqual([flowSegmentOf(status, dismissed)])
      }
    }
  })
})

describe('the findings', () => {
  const charge = { rowId: 1, id: 'charge', at: 0, amount: 10, retractedAt: null }
  const ofCharge = { caseId: 2, caseCharged: 20, caseRefunded: 0, resultCount: 1 }
  const request = { ...ofCharge, agent: 'agent-1', model: 'model', prompt: 'prompt' }
  const refund: RefundFacts = { amount: 10, at: 0, reversed: null, case: null }
  const ofCase = { id: 2, charged: 10, refunded: 20, taken: 0, isUnproven: false }
  const lost = { ...charge, kind: 'image', agent: null, model: null, lost: 10 }
  const repeated = (apart: number) =>
    doubleCharges([charge, { ...charge, rowId: 2, at: apart }], (found) => ({ ...found, ...request }))
  /** The smallest ledger in which each finding holds, and no other. */
  const found = {
    N1: retractedCharges([{ ...charge, retractedAt: 5 }]),
    N2: repeated(1),
    N3: oddRefunds([{ ...refund, amount: 20, reversed: { id: 'charge', amount: 10, retracted: false } }]),
    N4: oddRefunds([refund, refund].map((row) => ({ ...row, case: ofCase }))),
    N5: oddRefunds([refund]),
    N6: excessCharges([{ charges: [charge, charge], resultCount: 1, standing: 2 }]),
    N7: retriedCharges([lost, { ...lost, at: 61_000 }]),
  }
  const kinds = (findings: { kind: string }[]) => findings.map(({ kind }) => kind)

  it('have the kind, the window and the words that the page states', () => {
    const second = 1_000
    const window = Array.from({ length: 120 }, (_, index) => index).find(
      (apart) => repeated(apart * second).length === 0,
    )
    const decided = Object.entries(found).map(([id, findings]) => {
      const [kind] = kinds(findings) as (keyof typeof en.credits.check.finding)[]
      const title = (locale: typeof en | typeof ko) => kind && locale.credits.check.finding[kind].title
      return [id, kinds(findings), id === 'N2' ? `${window} s` : 'none', title(en), title(ko)]
    })
    expect(decided).toEqual(
      table('Findings').map((row) => [row.Id, codes(row.Kind), row.Window, row.English, row.Korean]),
    )
  })

  it('hold for 10 credits in question in each example', () => {
    expect(Object.values(found).map((findings) => findings.map(({ amount }) => amount))).toEqual(
      table('Findings').map(() => [10]),
    )
  })

  it('stand in the comments of the domain, in the order of the page', () => {
    expect(idsInComments('src/core/domain/findings.ts', 'N')).toEqual(ids('Findings'))
  })
})

describe('the causes of a ledger difference', () => {
  const none = { total: 0, records: 0 }
  const facts: DifferenceFacts = {
    statedAt: 100,
    writtenAfter: none,
    retractedAfter: none,
    retractedBefore: none,
    lapses: [],
    resets: none,
    doubtful: [],
    quarantined: 0,
    readAt: 100,
  }
  const ten = { total: 10, records: 1 }
  /** The facts that make one cause explain a difference of −10; D6 and D7 explain 10 credits too many. */
  const causes: Record<string, Partial<DifferenceFacts>> = {
    D1: { writtenAfter: ten },
    D2: { retractedBefore: ten },
    D3: { lapses: [{ at: 90, amount: 10 }] },
    D4: { quarantined: 1 },
    D5: { readAt: 99 },
    D6: { resets: ten },
    D7: { doubtful: [10] },
  }
  const explaining = (more: Partial<DifferenceFacts>) =>
    differenceCandidates(more.resets || more.doubtful ? 10 : -10, { ...facts, ...more }).candidates.filter(
      ({ explains }) => explains,
    )

  it('have the kind and the words that the page states', () => {
    const decided = Object.entries(causes).map(([id, more]) => {
      const kinds = explaining(more).map(({ kind }) => kind)
      const words = (locale: typeof en | typeof ko) =>
        kinds.map((kind) => locale.credits.check.candidate[`${kind}_other`]).join()
      return [id, kinds, words(en), words(ko)]
    })
    expect(decided).toEqual(
      table('Ledger difference').map((row) => [row.Id, codes(row.Cause), row.English, row.Korean]),
    )
  })

  it('explain by an unknown amount only if no known amount does', () => {
    const known = ['D1', 'D2', 'D3', 'D6', 'D7']
    const unknown = table('Ledger difference').filter((row) => row['Share of the difference'] === 'unknown')
    expect(unknown.map((row) => row.Id)).toEqual(Object.keys(causes).filter((id) => !known.includes(id)))
    for (const id of known) {
      expect(explaining({ ...causes.D4, ...causes.D5, ...causes[id] })).toEqual(explaining(causes[id] ?? {}))
    }
  })

  it('stand in the comments of the domain, in the order of the page', () => {
    expect(idsInComments('src/core/domain/reconcile.ts', 'D')).toEqual(ids('Ledger difference'))
  })
})
