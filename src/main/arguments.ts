import { splitArguments } from '../core/host/start-options.ts'
import { deepLinkPath, isDeepLink } from './deep-link.ts'

/** Makes the app prove itself and end; see `self-test.ts`. */
export const selfTestSwitch = '--self-test'
/** The argument that the system adds at login, so that the app starts in the tray. */
export const hiddenSwitch = '--hidden'

export interface OwnArguments {
  /** The options of the app. */
  options: string[]
  /** Arguments of a system, an updater or a shortcut. Always empty in a checkout, where unknown arguments are errors. */
  ignored: string[]
  /** The path of the page that a link asks for; null for none. */
  path: string | null
  isSelfTest: boolean
  /** The app was started by the system at login. */
  isHidden: boolean
}

/**
 * Reads the arguments of the process. A packaged app has only its executable before them; a checkout also has its folder,
 * and Electron's switches (which test drivers add) before that folder.
 */
export function ownArguments(argv: readonly string[], isPackaged: boolean): OwnArguments {
  const rest = argv.slice(1)
  const after = isPackaged ? rest : rest.slice(rest.findIndex((argument) => !argument.startsWith('-')) + 1)
  const links = after.filter(isDeepLink)
  const path = links.map(deepLinkPath).find((found) => found !== null) ?? null
  const isSelfTest = after.includes(selfTestSwitch)
  const isHidden = after.includes(hiddenSwitch)
  const others = after.filter((argument) => !isDeepLink(argument) && ![selfTestSwitch, hiddenSwitch].includes(argument))
  if (!isPackaged) return { options: others, ignored: [], path, isSelfTest, isHidden }
  const { known, unknown } = splitArguments(others)
  return { options: known, ignored: unknown, path, isSelfTest, isHidden }
}

/** The arguments without the option that names the data folder. */
export const withoutData = (args: readonly string[]): string[] =>
  args.filter((argument, index) => !/^--data(=|$)/.test(argument) && args[index - 1] !== '--data')
