/**
 * Makes every small change to the refund rules, one at a time, and checks that a rule test detects it. Prints every mutant
 * with the id of its rule, and the mutants per rule. Exits with 1 if one survives. Run: `npm run test:mutation`.
 */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { isDeepStrictEqual } from 'node:util'
import type { decideRefundStatus } from '../../src/core/domain/refund-status.ts'
import { outcomes, refundReasons, refundStatuses } from '../../src/shared/values.ts'
import { expectedVerdict, type Situation, situations } from '../property/refund-oracle.ts'
import { boundaryTable } from '../property/refund-table.ts'
import fc from '../support/fast-check.ts'

type Decide = typeof decideRefundStatus
interface Mutant {
  /** The rule whose code the mutant changes, by its id in docs/refund-rules.md, or `shared`. */
  rule: string
  line: number
  change: string
  source: string
}

const path = new URL('../../src/core/domain/refund-status.ts', import.meta.url)
// Types become blanks, so that only running code is changed and lines keep their numbers.
const original = stripTypeScriptTypes(readFileSync(path, 'utf8'))

/** The replacements of an operator, a constant or a name. */
const replacements: Record<string, string[]> = {
  '<=': ['<', '>', '>=', '==='],
  '<': ['<=', '>', '>='],
  '>': ['>=', '<', '<=', '==='],
  '===': ['!=='],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '0': ['1', '-1'],
  null: ['0'],
  NEGATIVE_INFINITY: ['POSITIVE_INFINITY', 'MAX_SAFE_INTEGER'],
  unfinished: ['!unfinished'],
  byUser: ['!byUser'],
  charged: ['refunded'],
  refunded: ['charged'],
  since: ['now'],
  now: ['since'],
  deadlineAt: ['since'],
  afterLimit: ['afterGrace', 'since'],
  afterGrace: ['afterLimit', 'since'],
  ownStreams: ['[]', "['credits']"],
  proof: ['[]'],
  'facts.createdAt': ['facts.finishedAt'],
  'facts.finishedAt': ['facts.createdAt'],
  'facts.agent': ['!facts.agent'],
  'facts.chargeRetracted': ['!facts.chargeRetracted'],
  'facts.surplus': ['facts.charged'],
  'facts.isImported': ['!facts.isImported'],
  isProven: ['!isProven'],
  'facts.resultCount': ['facts.charged'],
  'facts.failureOrigin': ['facts.outcome'],
  'policy.refundGraceMs': ['policy.generationLimitMs'],
  'policy.generationLimitMs': ['policy.refundGraceMs'],
  '`jobs:${facts.agent}`': ["'jobs:agent-1'", "'jobs:agent-2'", "'credits'"],
}
const vocabularies: (readonly string[])[] = [
  outcomes,
  refundStatuses,
  refundReasons,
  ['credits', 'jobs:agent-1', 'jobs:agent-2'],
  ['system', 'policy', 'user'],
]

/** The only change without an effect: if both numbers are equal, either both are above zero or neither is. */
const equivalent = original.replace('charged > 0 && refunded === charged', 'refunded > 0 && refunded === charged')

const comment = /\/\*[\s\S]*?\*\/|\/\/.*/.source
const text = /'[^']*'|`[^`]*`/.source
const name = /(?:facts|policy)\.\w+|[A-Za-z_]\w*/.source
const operator = /===|<=|=>|&&|\|\||\?\?|[-+<>]|\b\d+\b/.source
const tokens = new RegExp(`${comment}|${text}|${name}|${operator}`, 'g')

const lineAt = (index: number) => original.slice(0, index).split('\n').length

/** The rule of each line: the nearest comment `// Rn:` above it. A block that holds rules belongs to its first rule. */
const ruleOfLine = (() => {
  let rule = 'shared'
  const lines = original.split('\n')
  const idIn = (line = '') => /^ *\/\/ (R\d+):/.exec(line)?.[1]
  return lines.map((line, index) => {
    rule = idIn(line) ?? rule
    const opensBlock = line.trimEnd().endsWith('{') && rule !== 'shared' && !idIn(lines[index - 1])
    return (opensBlock && lines.slice(index).map(idIn).find(Boolean)) || rule
  })
})()
const mutant = (index: number, before: string, after: string): Mutant => ({
  rule: ruleOfLine[lineAt(index) - 1] as string,
  line: lineAt(index),
  change: `${before.trim()} → ${after.trim() || '(left out)'}`,
  source: original.slice(0, index) + after + original.slice(index + before.length),
})

/** The other words of all vocabularies that contain a string: a status and a reason may share a name. */
function otherWords(word: string): string[] {
  const related = vocabularies.filter((words) => words.includes(word)).flat()
  return [...new Set(related)].filter((other) => other !== word).map((other) => `'${other}'`)
}

function* mutants(): Generator<Mutant> {
  for (const { 0: token, index } of original.matchAll(tokens)) {
    const known = Object.hasOwn(replacements, token) ? replacements[token] : undefined
    const swaps = token.startsWith("'") ? otherWords(token.slice(1, -1)) : (known ?? [])
    for (const swap of swaps) yield mutant(index, token, swap)
  }
  for (const { 0: rule, index } of original.matchAll(/^ *if \(.*\) return .*$/gm)) yield mutant(index, rule, '')
  for (const { 0: condition, index } of original.matchAll(/(?<=^ *if )\(.*\)(?= (?:return|\{))/gm)) {
    yield mutant(index, condition, '(true)')
    yield mutant(index, condition, '(false)')
  }
}

/** The function of a mutant; null if the mutant is not a valid program. */
async function load(source: string): Promise<Decide | null> {
  try {
    const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
      decideRefundStatus: Decide
    }
    return module.decideRefundStatus
  } catch {
    return null
  }
}

const samples = fc.sample(situations, { numRuns: 5_000, seed: 20_260_128 })
const expected = samples.map(expectedVerdict)

function answer(decide: Decide, { facts, policy, readUntil, now }: Situation) {
  const verdict = decide(facts, policy, readUntil, now)
  return { ...verdict, unread: verdict.unread.toSorted() }
}

/** The rule test that detects the mutant; null if none does. Throws if the mutant uses a name before its value. */
function killer(decide: Decide): string | null {
  for (const row of boundaryTable) {
    const { status, reason, unread } = answer(decide, row.situation)
    if (status !== row.status || reason !== row.reason || !isDeepStrictEqual(unread, row.unread)) return row.name
  }
  const differs = samples.findIndex((sample, index) => !isDeepStrictEqual(answer(decide, sample), expected[index]))
  return differs === -1 ? null : 'the naive table'
}

type Outcome = { kind: 'killed'; by: string } | { kind: 'survived' } | { kind: 'no program' }
async function judge({ source }: Mutant): Promise<Outcome> {
  const decide = await load(source)
  if (!decide) return { kind: 'no program' }
  try {
    const by = killer(decide)
    return by === null ? { kind: 'survived' } : { kind: 'killed', by }
  } catch (error) {
    return error instanceof ReferenceError ? { kind: 'no program' } : { kind: 'killed', by: String(error) }
  }
}

const product = await load(original)
if (equivalent === original || !product || killer(product) !== null)
  throw new Error('The rules as they are do not pass their own tests, or this script no longer knows them.')

const survivors: string[] = []
let killed = 0
const perRule = new Map<string, number>()
const seen = new Set([original, equivalent])
for (const found of mutants()) {
  if (seen.has(found.source)) continue
  seen.add(found.source)
  const outcome = await judge(found)
  if (outcome.kind === 'no program') continue
  const title = `${found.rule}, line ${found.line}: ${found.change}`
  perRule.set(found.rule, (perRule.get(found.rule) ?? 0) + 1)
  if (outcome.kind === 'killed') killed++
  else survivors.push(title)
  console.log(outcome.kind === 'killed' ? `killed    ${title}  (${outcome.by})` : `SURVIVED  ${title}`)
}

console.log(`\n${[...perRule].map(([rule, count]) => `${rule}: ${count}`).join(', ')}`)
console.log(`${killed + survivors.length} mutants, ${killed} killed, ${survivors.length} survived`)
for (const survivor of survivors) console.log(`  survived: ${survivor}`)
process.exitCode = survivors.length > 0 ? 1 : 0
