/** A report for support about the app and this machine. Nothing in it comes from the user's records or folders. */
import type { Settings } from '../../shared/settings.ts'
import type { Diagnostics, SyncState } from '../../shared/views.ts'

export interface DiagnosticFacts {
  at: number
  /** Versions and the like, by their names. */
  program: Record<string, string | number | boolean>
  settings: Settings
  /** Null if the core does not answer. */
  sync: SyncState | null
  database: Diagnostics | null
  /** The lines of the log file, oldest first. */
  log: readonly string[]
}

const maxLines = 500
/** Fields of log lines whose values are words of the app or of Electron. */
const codeFields = new Set(['code', 'reason', 'type', 'stream', 'route', 'exitCode'])
const code = /^[\w.:-]{1,64}$/
/** Codes of Node.js, SQLite and Chromium. */
const systemCodes = /\b(?:E[A-Z]{3,}|SQLITE_[A-Z_]+|ERR_[A-Z_]+|CERT_[A-Z_]+)\b/g
/** A line of a stack: the function, and the file without its folder. */
const frame = /^\s+at (?:([\w.<>$ ]+) \()?.*?([\w.-]+:\d+:\d+)\)?$/

/** The report as a text that people can read before they send it. */
export function diagnosticsReport({ at, program, settings, sync, database, log }: DiagnosticFacts): string {
  const sections = {
    program,
    settings,
    database,
    sync: sync && { status: sync.status, streams: sync.streams.map(streamFacts) },
  }
  const lines = log.slice(-maxLines).flatMap((line) => impersonal(line) ?? [])
  return [
    `Carat Companion diagnostics, ${new Date(at).toISOString()}`,
    'Without prompts, names, addresses and folders.',
    '',
    JSON.stringify(sections, null, 2),
    '',
    `Log, ${lines.length} lines`,
    ...lines,
    '',
  ].join('\n')
}

const streamFacts = ({ stream, phase, records, lastSuccessAt, error, quarantined }: SyncState['streams'][number]) => ({
  stream,
  phase,
  records,
  lastSuccessAt,
  error: error?.code ?? null,
  quarantined,
})

/** A line of the log with only codes, numbers and stacks, since messages may contain paths or texts. Null for other lines. */
export function impersonal(line: string): string | null {
  let fields: unknown
  try {
    fields = JSON.parse(line)
  } catch {
    return null
  }
  if (typeof fields !== 'object' || fields === null) return null
  const { at, level, event, ...rest } = fields as Record<string, unknown>
  if (![at, level, event].every((value) => typeof value === 'string')) return null
  const kept = Object.entries(rest).flatMap(([name, value]): [string, unknown][] => {
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return [[name, value]]
    if (typeof value !== 'string') return []
    if (codeFields.has(name)) return code.test(value) ? [[name, value]] : []
    return name === 'error' || name === 'detail' ? [[name, errorFacts(value)]] : []
  })
  return JSON.stringify({ at, level, event, ...Object.fromEntries(kept) })
}

/** The class, the codes and the stack of an error, without its message. */
function errorFacts(text: string): string {
  const [first = '', ...others] = text.split('\n')
  const name = /^(\w*(?:Error|Exception))\b/.exec(first)?.[1] ?? 'Error'
  const stack = others.flatMap((line) => {
    const [, called, location] = frame.exec(line) ?? []
    return location ? [`${called ?? ''}@${location}`] : []
  })
  return [name, ...new Set(text.match(systemCodes)), ...stack].join(' ')
}
