import { parseArgs } from 'node:util'
import { currentSystem, dataFolder, parseApi, parseFixedNow } from '../core/host/start-options.ts'
import { AppError, type ErrorCode } from '../shared/errors.ts'
import type { ImportFormat } from '../shared/imports.ts'
import {
  type Agent,
  agents,
  type ExportFormat,
  exportFormats,
  type Language,
  languages,
  type RefundStatus,
  refundStatuses,
} from '../shared/values.ts'

export const commands = [
  'sync',
  'jobs',
  'credits',
  'refunds',
  'findings',
  'summary',
  'search',
  'accounts',
  'sign-in',
  'sign-out',
  'import',
  'import-folder',
  'imports',
  'undo',
  'delete',
  'match',
  'export',
  'backup',
  'restore',
  'recover',
  'verify',
  'help',
] as const
export type Command = (typeof commands)[number]

export interface Arguments {
  command: Command
  /** The text after the command: the search text, the file or folder to import, the import to undo, or ids of jobs. */
  text: string
  dataDir: string
  api: string | null
  json: boolean
  language: Language | null
  limit: number
  agent: Agent | undefined
  refundStatus: RefundStatus | undefined
  /** The format of an export, or the file extension that determines the format of an import. */
  format: ExportFormat | ImportExtension | null
  out: string | null
  from: string | null
  fixedNow: number | null
  token: string | null
  /** `verify` rebuilds the derived data that is wrong. */
  repair: boolean
  /** Changes of how a table is understood: JSON, or the path of a JSON file. */
  mapping: string | null
  /** The name of an account: its id, or `all` for a command that takes all. */
  account: string | null
  /** `import` and `import-folder` write; without it, they say what they would do. */
  yes: boolean
  /** `undo` counts an undone import again. */
  redo: boolean
  /** `import-folder` copies the files into the data folder. */
  copy: boolean
  /** `import-folder` takes files that are not there for gone, however many they are. */
  acceptMissing: boolean
  /** `sync` takes a list that came back much shorter for right. */
  acceptShorter: boolean
  /** `delete` takes every account. */
  all: boolean
  /** `delete` leaves the backups that have the account. */
  keepBackups: boolean
  /** The charge to which the named jobs belong, or do not belong (`match`); at most one of the two. */
  accept: string | null
  refuse: string | null
  /** `sign-in` reads an access token from standard input. */
  tokenFromInput: boolean
  /** `recover` lists the backups from which it could begin. */
  list: boolean
}

const options = {
  data: { type: 'string' },
  api: { type: 'string' },
  json: { type: 'boolean' },
  lang: { type: 'string' },
  limit: { type: 'string' },
  agent: { type: 'string' },
  'refund-status': { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
  from: { type: 'string' },
  help: { type: 'boolean' },
  repair: { type: 'boolean' },
  mapping: { type: 'string' },
  account: { type: 'string' },
  yes: { type: 'boolean' },
  redo: { type: 'boolean' },
  copy: { type: 'boolean' },
  'accept-missing': { type: 'boolean' },
  'accept-shorter': { type: 'boolean' },
  all: { type: 'boolean' },
  'keep-backups': { type: 'boolean' },
  accept: { type: 'string' },
  refuse: { type: 'string' },
  'token-stdin': { type: 'boolean' },
  list: { type: 'boolean' },
} as const
type Option = keyof typeof options
type Flag =
  | 'json'
  | 'help'
  | 'repair'
  | 'yes'
  | 'redo'
  | 'copy'
  | 'accept-missing'
  | 'accept-shorter'
  | 'token-stdin'
  | 'all'
  | 'keep-backups'
  | 'list'
const isFlag = (name: Option): name is Flag => options[name].type === 'boolean'

const defaultLimit = 50
const everywhere: Option[] = ['data', 'api', 'json', 'lang', 'help']
/** Each command takes these options besides the common ones; any other is an error, not a silent no-op. */
const ownOptions: Record<Command, Option[]> = {
  sync: ['account', 'accept-shorter'],
  jobs: ['limit', 'agent', 'refund-status', 'account'],
  credits: ['limit', 'agent', 'account'],
  refunds: ['agent', 'refund-status', 'account'],
  findings: ['account'],
  summary: ['account'],
  search: ['limit', 'agent', 'refund-status', 'account'],
  accounts: [],
  'sign-in': ['token-stdin'],
  'sign-out': ['account'],
  import: ['format', 'mapping', 'account', 'yes'],
  'import-folder': ['agent', 'copy', 'account', 'accept-missing', 'yes'],
  imports: ['account'],
  undo: ['redo', 'account'],
  delete: ['account', 'all', 'keep-backups', 'yes'],
  match: ['account', 'accept', 'refuse'],
  export: ['format', 'out', 'account'],
  backup: ['out'],
  restore: ['from'],
  recover: ['from', 'list'],
  verify: ['repair'],
  help: [],
}

/** Why a command does not take `--account`. */
const whyNoAccount = (command: Command): ErrorCode =>
  command === 'sign-in' ? 'account_of_sign_in' : 'account_of_folder'

/** The value of `--account` for all accounts of the user's own together. */
export const allAccounts = 'all'
const ofAllAccounts: readonly Command[] = ['jobs', 'credits', 'refunds', 'findings', 'summary', 'search', 'export']
/** Whether a command answers about all accounts at once. */
export const takesAllAccounts = (command: Command): boolean => ofAllAccounts.includes(command)

/** The formats that `import` can be told, by file extension, as the reader names them. */
export const importFormats = {
  csv: 'delimited',
  tsv: 'delimited',
  xlsx: 'xlsx',
  html: 'html',
  json: 'json',
  txt: 'lines',
} as const satisfies Record<string, ImportFormat>
/** What `import --format` takes: a table, or an archive of this app. */
export type ImportExtension = keyof typeof importFormats | 'zip'
const importExtensions = [...Object.keys(importFormats), 'zip'] as ImportExtension[]

/** Whether `import` names an archive of this app, and no table. */
export const isArchive = ({ text, format }: Arguments): boolean =>
  format === null ? /\.zip$/i.test(text) : format === 'zip'

/** Parses the command line of `carat`. Throws `AppError` for unknown commands and options. */
export function parseArguments(args: string[]): Arguments {
  const { values, words } = readWords(args)
  const [first, ...rest] = words
  const command = values.help || first === undefined ? 'help' : commands.find((known) => known === first)
  if (!command) throw new AppError('unknown_command', { command: first ?? '' })
  for (const name of Object.keys(values) as Option[]) {
    const known = everywhere.includes(name) || ownOptions[command].includes(name) || command === 'help'
    if (!known)
      throw new AppError(name === 'account' ? whyNoAccount(command) : 'option_not_here', {
        option: `--${name}`,
        command,
      })
  }
  if (values.account === allAccounts && !takesAllAccounts(command))
    throw new AppError(command === 'delete' ? 'account_all_deleted' : 'account_all_not_here', { command })
  const text = rest.join(' ').trim()
  const answers = values.accept !== undefined || values.refuse !== undefined
  if (values.accept !== undefined && values.refuse !== undefined)
    throw new AppError('option_not_here', { option: '--refuse', command: 'match --accept' })
  const takesText = ['search', 'import', 'import-folder', 'undo'].includes(command) || answers
  if (takesText && text === '') throw new AppError('missing_argument', { option: command })
  if (!takesText && command !== 'help' && text !== '') throw new AppError('unknown_option', { option: text })
  if (command === 'undo') wholeNumber('undo', text)
  const writes = command === 'export' || command === 'backup'
  if (writes && !values.out) throw new AppError('missing_argument', { option: '--out' })
  if (command === 'restore' && !values.from) throw new AppError('missing_argument', { option: '--from' })
  if (command === 'import-folder' && !values.agent) throw new AppError('missing_argument', { option: '--agent' })
  if (command === 'delete' && !values.account === !values.all)
    throw new AppError('missing_argument', { option: '--account' })
  if (command === 'export' && !values.format) throw new AppError('missing_argument', { option: '--format' })
  const system = currentSystem()
  const api = values.api === undefined ? null : parseApi(values.api)
  return {
    command,
    text,
    dataDir: dataFolder(values.data, api, system),
    api,
    json: values.json ?? false,
    language: pick('lang', values.lang, languages) ?? null,
    limit: values.limit === undefined ? defaultLimit : wholeNumber('limit', values.limit),
    agent: pick('agent', values.agent, agents),
    refundStatus: pick('refund-status', values['refund-status'], refundStatuses),
    format: pick<ExportFormat | ImportExtension>('format', values.format, formatsOf(command)) ?? null,
    out: values.out ?? null,
    from: values.from ?? null,
    fixedNow: parseFixedNow(system.env),
    token: system.env.CARAT_TOKEN || null,
    repair: values.repair ?? false,
    mapping: values.mapping ?? null,
    account: values.account ?? null,
    yes: values.yes ?? false,
    redo: values.redo ?? false,
    copy: values.copy ?? false,
    acceptMissing: values['accept-missing'] ?? false,
    acceptShorter: values['accept-shorter'] ?? false,
    all: values.all ?? false,
    keepBackups: values['keep-backups'] ?? false,
    accept: values.accept ?? null,
    refuse: values.refuse ?? null,
    tokenFromInput: values['token-stdin'] ?? false,
    list: values.list ?? false,
  }
}

const formatsOf = (command: Command) => (command === 'import' ? importExtensions : exportFormats)

function readWords(args: string[]) {
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true })
  const words: string[] = []
  const values: { [O in Exclude<Option, Flag>]?: string } & { [F in Flag]?: boolean } = {}
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const name = token.name as Option
    if (!Object.hasOwn(options, name)) throw new AppError('unknown_option', { option: token.rawName })
    if (isFlag(name)) {
      if (token.inlineValue) throw new AppError('invalid_argument', { option: token.rawName, value: token.value })
      values[name] = true
    } else {
      const swallowed = !token.inlineValue && token.value?.startsWith('--')
      if (!token.value || swallowed) throw new AppError('missing_argument', { option: token.rawName })
      values[name] = token.value
    }
  }
  return { values, words }
}

function pick<T extends string>(option: string, value: string | undefined, allowed: readonly T[]): T | undefined {
  if (value === undefined) return undefined
  const found = allowed.find((known) => known === value)
  if (!found) throw new AppError('invalid_argument', { option: `--${option}`, value })
  return found
}

function wholeNumber(option: string, value: string): number {
  const number = Number(value)
  if (!/^\d{1,9}$/.test(value) || number < 1) throw new AppError('invalid_argument', { option: `--${option}`, value })
  return number
}
