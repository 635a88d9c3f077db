import { agents } from '../../shared/values.ts'
import type { JobItem } from '../../shared/views.ts'
import { useHashSearch } from './hash-location.ts'

/** The three paths of Carat's help, in the order in which they are offered. */
export const helpPaths = ['no-result', 'unwanted', 'missing'] as const
export type HelpPath = (typeof helpPaths)[number]

/** The steps that a person takes; the app finds out the earlier ones itself. */
const manualSteps = ['result', 'signIn', 'otherSignIn', 'unread', 'end'] as const
const hoursAround = [2, 12, 72] as const

/** How far a person has come on a help path. It is kept in the address, so Back takes one step back. */
export interface HelpState {
  /** The charge that is looked into, by the name of its case. */
  case?: string
  /** A time around which to look for the charge, epoch milliseconds. */
  at?: number
  /** How many hours before and after the charge are searched. */
  hours?: (typeof hoursAround)[number]
  /** Words of the prompt or the chat that is missing. */
  text?: string
  /** The job that the person recognized. */
  result?: Pick<JobItem, 'agent' | 'jobId'>
  step?: (typeof manualSteps)[number]
}

/** `/help/no-result?case=charge%3At1&step=signIn`: a state of a help path. */
export function helpPath(path: HelpPath, { result, ...state }: HelpState = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(state)) if (value) search.set(name, String(value))
  if (result) search.set('result', `${result.agent}/${result.jobId}`)
  return search.size > 0 ? `/help/${path}?${search}` : `/help/${path}`
}

/** The state in the address of the help. */
export const useHelpState = (): HelpState => readHelpState(useHashSearch())

/** Reads what `helpPath` writes after the question mark. Unknown values are left out. */
export function readHelpState(search: string): HelpState {
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
    step: manualSteps.find((step) => step === values.get('step')),
  }
}

/** The next wider search around a charge; undefined if there is none. */
export const widerThan = (hours: number) => hoursAround.find((wider) => wider > hours)
