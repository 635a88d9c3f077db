import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '../../shared/errors.ts'
import { type Language, languages } from '../../shared/values.ts'

/** The environment of the parser; a parameter, so that tests on any system cover all systems. */
export interface System {
  platform: NodeJS.Platform
  env: Record<string, string | undefined>
  home: string
  /** The folder where the user typed the command; the base of relative paths. */
  cwd: string
  exists(path: string): boolean
}

export interface StartOptions {
  browser: boolean
  open: boolean
  /** 0 for any free port. */
  port: number
  dataDir: string
  /** Base address of the service without a trailing slash; null for the embedded sample service. */
  api: string | null
  language: Language | null
  /** `CARAT_NOW` as epoch milliseconds. */
  fixedNow: number | null
  token: string | null
}

const optionTypes = {
  browser: { type: 'boolean' },
  'no-open': { type: 'boolean' },
  port: { type: 'string' },
  data: { type: 'string' },
  api: { type: 'string' },
  lang: { type: 'string' },
} as const

/** The environment of this process. */
export function currentSystem(): System {
  const { platform, env } = process
  // npm runs scripts in the project's folder and stores the caller's folder in INIT_CWD.
  return { platform, env, home: homedir(), cwd: env.INIT_CWD ?? process.cwd(), exists: existsSync }
}

/** Reads the command line of both hosts. Throws `unknown_option`, `missing_argument` or `invalid_argument`. */
export function parseStartOptions(args: string[], system: System): StartOptions {
  const given = readOptions(args)
  const api = given.api === undefined ? null : parseApi(given.api)
  return {
    browser: given.browser !== undefined,
    open: given['no-open'] === undefined,
    port: given.port === undefined ? 0 : parsePort(given.port),
    dataDir: dataFolder(given.data, api, system),
    api,
    language: given.lang === undefined ? null : parseLanguage(given.lang),
    fixedNow: parseFixedNow(system.env),
    token: system.env.CARAT_TOKEN || null,
  }
}

/** The language of `--lang`, read before the arguments are validated, so that their errors are in this language. */
export function requestedLanguage(args: string[]): Language | null {
  const { values } = parseArgs({ args, options: optionTypes, strict: false, allowPositionals: true })
  return languages.find((known) => known === values.lang) ?? null
}

/** Korean if the system's language is Korean, else English. */
export function languageOf(locale: string): Language {
  return /^ko\b/i.test(locale) ? 'ko' : 'en'
}

/** The language tag of the operating system under Node. */
export function systemLocale(): string {
  // `Intl` would load its data of dates for this: 13 ms of every start.
  return navigator.language
}

/** Separates the options of the app from arguments that a system, an updater or a shortcut added. */
export function splitArguments(args: string[]): { known: string[]; unknown: string[] } {
  const { tokens } = parseArgs({ args, options: optionTypes, strict: false, allowPositionals: true, tokens: true })
  const known: string[] = []
  const unknown = new Set<string>()
  for (const token of tokens) {
    if (token.kind === 'option' && Object.hasOwn(optionTypes, token.name) && token.rawName.startsWith('--')) {
      known.push(token.value === undefined ? token.rawName : `${token.rawName}=${token.value}`)
    } else if (token.kind !== 'option-terminator') {
      unknown.add(args[token.index] as string)
    }
  }
  return { known, unknown: [...unknown] }
}

function readOptions(args: string[]): Partial<Record<keyof typeof optionTypes, string>> {
  const { tokens } = parseArgs({ args, options: optionTypes, strict: false, allowPositionals: true, tokens: true })
  const given: Record<string, string> = {}
  for (const token of tokens) {
    if (token.kind === 'positional') throw new AppError('unknown_option', { option: token.value })
    if (token.kind === 'option-terminator') continue
    const { name, rawName, value, inlineValue } = token
    const type = Object.hasOwn(optionTypes, name) ? optionTypes[name as keyof typeof optionTypes].type : null
    if (type === null || !rawName.startsWith('--')) throw new AppError('unknown_option', { option: rawName })
    if (type === 'boolean' && inlineValue) throw new AppError('invalid_argument', { option: rawName, value })
    if (type === 'string' && (!value || (!inlineValue && value.startsWith('-')))) {
      throw new AppError('missing_argument', { option: rawName })
    }
    given[name] = value ?? ''
  }
  return given
}

/**
 * The folder of `--data`, else the system's folder for application data; the sample account has a folder of its own.
 */
export function dataFolder(given: string | undefined, api: string | null, system: System): string {
  const { platform, cwd } = system
  const path = platform === 'win32' ? win32 : posix
  if (given !== undefined) return path.resolve(cwd, given)
  const folder = path.join(applicationData(system), 'Carat Companion')
  return api === null ? path.join(folder, 'sample') : folder
}

/** The system's folder for application data. */
function applicationData(system: System): string {
  const { platform, env, home } = system
  if (platform === 'win32') return windowsBase(system)
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support')
  return env.XDG_DATA_HOME || posix.join(home, '.local', 'share')
}

/**
 * The folder for data of this machine: companies copy the roaming one at log-on, or keep it on a network drive, where SQLite
 * cannot work. A folder of an earlier version stays where it is.
 */
function windowsBase({ env, home, exists }: System): string {
  const roaming = env.APPDATA || win32.join(home, 'AppData', 'Roaming')
  if (exists(win32.join(roaming, 'Carat Companion'))) return roaming
  return env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local')
}

/** The base address of the service without its trailing slash. Throws `invalid_argument`. */
export function parseApi(value: string): string {
  const url = parseBase(value)
  if (!url) throw new AppError('invalid_argument', { option: '--api', value })
  return baseAddress(url)
}

/** An address on http or https without sign-in, query or fragment; null for any other text. */
export function parseBase(value: string): URL | null {
  const url = URL.canParse(value) ? new URL(value) : null
  const isPlain = url !== null && !url.username && !url.password && !url.search && !url.hash
  return isPlain && /^https?:$/.test(url.protocol) ? url : null
}

/** The address to which the paths of the service are appended. */
export const baseAddress = ({ origin, pathname }: URL): string => (origin + pathname).replace(/\/+$/, '')

// Without the package for schemas, which a command would load for this value alone.
const rfc3339 = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/

/** `CARAT_NOW` as epoch milliseconds, null if it is not set. Throws `invalid_argument`. */
export function parseFixedNow(env: System['env']): number | null {
  const value = env.CARAT_NOW
  if (!value) return null
  const [, day] = rfc3339.exec(value) ?? []
  const now = day === undefined ? Number.NaN : Date.parse(value)
  // `Date.parse` takes 30 February for 2 March.
  if (Number.isNaN(now) || new Date(day as string).toISOString().slice(0, 10) !== day) {
    throw new AppError('invalid_argument', { option: 'CARAT_NOW', value })
  }
  return now
}

function parsePort(value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (!(port <= 65_535)) throw new AppError('invalid_argument', { option: '--port', value })
  return port
}

function parseLanguage(value: string): Language {
  const language = languages.find((known) => known === value)
  if (language === undefined) throw new AppError('invalid_argument', { option: '--lang', value })
  return language
}
