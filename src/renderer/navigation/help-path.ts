import { agents } from '../../shared/values.ts'
import type { JobItem } from '../../shared/views.ts'
import { useHashSearch } from './hash-location.ts'

/** The three paths of Carat's help, in the order in which they are offered. */
export const helpPaths = ['no-result', 'unwanted', 'missing'] as const
export type HelpPath = (typeof helpPaths)[number]

/** The steps that a person walks by hand; what comes before them the app finds out itself. */
const walked = ['result', 'signIn', 'otherSignIn', 'unread', 'end'] as const
const hoursAround = [2, 12, 72] as const

/** How far a person has come on a path of the help. All of it stands in the address, so that back takes one step back. */
export interface HelpPlace {
  /** The charge that is looked into, by the name of its case. */
  case?: string
  /** A moment around which to look for the charge, epoch milliseconds. */
  at?: number
  /** How many hours before and after the charge are searched. */
  hours?: (typeof hoursAround)[number]
  /** Words of the prompt or the chat that is missing. */
  text?: string
  /** The job that the person recognized. */
  result?: Pick<JobItem, 'agent' | 'jobId'>
  step?: (typeof walked)[number]
}

/** `/help/no-result?case=charge%3At1&step=signIn`: a place on a path of the help. */
export function helpPath(path: HelpPath, { result, ...place }: HelpPlace = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(place)) if (value) search.set(name, String(value))
  if (result) search.set('result', `${result.agent}/${result.jobId}`)
  return search.size > 0 ? `/help/${path}?${search}` : `/help/${path}`
}

/** The place in the address of the help. */
export const useHelpPlace = (): HelpPlace => readHelpPlace(useHashSearch())

/** Reads what `helpPath` writes after the question mark. What it does not know is left out. */
export function readHelpPlace(search: string): HelpPlace {
  const values = new URLSearchParams(search)
  const at = Number(values.get('at'))
  const [, agentName, jobId] = /^([^/]+)\/(.+)$/.exec(values.get('result') ?? '') ?? []
  const agent = agents.find((one) => one === agentName)
  return {
    case: values.get('case') || undefined,
    at: Number.isSafeInteger(at) && at > 0 ? at : undefined,
    hours: hoursAround.find((hours) => String(hours) === values.get('hours')),
    text: values.get('text') || undefined,
    result: agent && jobId !== undefined ? { agent, jobId } : undefined,
    step: walked.find((step) => step === values.get('step')),
  }
}

/** The next wider search around a charge; undefined where there is none. */
export const widerThan = (hours: number) => hoursAround.find((wider) => wider > hours)
