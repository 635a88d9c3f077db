import { agents } from '../../shared/values.ts'
import type { JobItem } from '../../shared/views.ts'
import { useHashSearch } from './hash-location.ts'

/** The three paths of Help, in their order on screen. */
export const helpPaths = ['no-result', 'unwanted', 'missing'] as const
export type HelpPath = (typeof helpPaths)[number]

/** Steps that the user completes by hand. The app derives the earlier steps from the state and the records. */
const manualSteps = ['result', 'signIn', 'otherSignIn', 'unread', 'end'] as const
const hoursAround = [2, 12, 72] as const
/** The hours searched before the user asks for more. */
export const firstHours = hoursAround[0]

/** The user's progress on a Help path. It is stored in the address, so Back returns to the previous step. */
export interface HelpState {
  /** The case name of the selected charge. */
  case?: string
  /** The time around which charges are searched, in epoch milliseconds. */
  at?: number
  /** Results are searched this many hours before and after the charge. */
  hours?: (typeof hoursAround)[number]
  /** Search text: words of the prompt or the chat title of the missing work. */
  text?: string
  /** The job that the user recognized. */
  result?: Pick<JobItem, 'agent' | 'jobId'>
  step?: (typeof manualSteps)[number]
}

/** `/help/no-result?case=charge%3At1&step=signIn`: a Help path at a given state. */
export function helpPath(path: HelpPath, { result, ...state }: HelpState = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(state)) if (value) search.set(name, String(value))
  if (result) search.set('result', `${result.agent}/${result.jobId}`)
  return search.size > 0 ? `/help/${path}?${search}` : `/help/${path}`
}

/** The state of the Help path in the current address. */
export const useHelpState = (): HelpState => readHelpState(useHashSearch())

/** Parses the search that `helpPath` writes. Ignores unknown values. */
function readHelpState(search: string): HelpState {
  const values = new URLSearchParams(search)
  const at = Number(values.get('at'))
  const [, agentName, jobId] = /^([^/]+)\/(.+)$/.exec(values.get('result') ?? '') ?? []
  const agent = agents.find((agent) => agent === agentName)
  return {
    case: values.get('case') || undefined,
    at: Number.isSafeInteger(at) && at > 0 ? at : undefined,
    hours: hoursAround.find((hours) => String(hours) === values.get('hours')),
    text: values.get('text') || undefined,
    result: agent && jobId !== undefined ? { agent, jobId } : undefined,
    step: manualSteps.find((step) => step === values.get('step')),
  }
}

/** The next larger number of hours to search around a charge; undefined if there is none. */
export const widerThan = (hours: number) => hoursAround.find((wider) => wider > hours)
