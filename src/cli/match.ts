import { say } from '../core/host/messages.ts'
import { activeAccount, findAccount } from '../core/store/accounts/accounts.ts'
import type { Readable } from '../core/store/handles.ts'
import { decideMatch } from '../core/store/matching/match-run.ts'
import { fileNames, listMatches } from '../core/store/matching/match-views.ts'
import type { ChargeMatches, MatchCandidate } from '../shared/matches.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { localTime } from './lines.ts'
import { nothingYet, print, printJson, printJsonList } from './output.ts'
import type { ReadSession, WriteSession } from './session.ts'

/** Lists the charges that name no job, newest first, with the results that may belong to them. */
export function match(args: Arguments, language: Language, { store: { reader } }: ReadSession): number {
  const accountId = accountOf(reader, args)
  if (accountId === null) return nothingYet(args, language)
  const found = listMatches(reader, accountId)
  if (args.json) printJsonList(found, matchRecord)
  else for (const charge of found) print(matchLine(reader, accountId, charge, language))
  return 0
}

/** Stores whether jobs belong to a charge, as the user says. */
export function answerMatch(args: Arguments, language: Language, { writer, now }: WriteSession): number {
  const accountId = accountOf(writer, args)
  if (accountId === null) return nothingYet(args, language)
  const { accept, refuse, text } = args
  const charge = accept ?? refuse ?? ''
  decideMatch(writer, accountId, { charge, jobs: text.split(' '), answer: accept === null ? 'no' : 'yes' }, now())
  if (args.json) printJson({ charge, jobs: text.split(' '), answer: accept === null ? 'no' : 'yes' })
  else print(say(accept === null ? 'cli.match.refused' : 'cli.match.accepted', language))
  return 0
}

const accountOf = (database: Readable, { account }: Arguments): number | null =>
  (account === null ? activeAccount(database) : findAccount(database, account))?.accountId ?? null

const rounded = (probability: number | null): number | null =>
  probability === null ? null : Math.round(probability * 10_000) / 10_000

const matchRecord = ({ at, delivered, candidates, decision, ...charge }: ChargeMatches) => ({
  ...charge,
  at: new Date(at).toISOString(),
  delivered: rounded(delivered),
  candidates: candidates.map(({ jobs, probability, because, madeAt, delayMs }) => ({
    jobs,
    probability: rounded(probability),
    because,
    madeAt: new Date(madeAt).toISOString(),
    secondsAfter: Math.round(delayMs / 1_000),
  })),
  decision: decision && { ...decision, probability: rounded(decision.probability) },
})

function matchLine(database: Readable, accountId: number, charge: ChargeMatches, language: Language): string {
  const { at, amount, feature, candidates, decision } = charge
  const files = (jobs: readonly string[]) => fileNames(database, accountId, jobs).join(', ')
  const percent = (probability: number | null) => Math.floor((probability ?? 0) * 100)
  const offer = ({ jobs, probability, delayMs }: MatchCandidate) =>
    say(probability === null ? 'cli.match.savedLater' : 'cli.match.candidate', language, {
      files: files(jobs),
      percent: percent(probability),
      seconds: Math.round(delayMs / 1_000),
    })
  const text = () => {
    if (!decision) return candidates.map(offer).join('; ') || say('cli.match.none', language)
    if (decision.jobs.length === 0) return say('cli.match.oneOf', language, { percent: percent(decision.probability) })
    const sure = { files: files(decision.jobs), percent: percent(decision.probability) }
    return say(decision.by === 'user' ? 'cli.match.confirmed' : 'cli.match.found', language, sure)
  }
  return [localTime(at), String(amount).padStart(6), say(`feature.${feature ?? 'other'}`, language), text()].join('  ')
}
