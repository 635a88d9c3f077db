/**
 * Syncs a data folder repeatedly, or downloads its wanted originals, until it is killed. It can be started early: it waits
 * for its options as a line of JSON on standard input. With `strike` it kills itself at an exact statement or event.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import linkTable from '../../resources/links.json' with { type: 'json' }
import { createWriteCore } from '../../src/core/core.ts'
import { fixedClock } from '../../src/core/host/clock.ts'
import { createService } from '../../src/core/service/client.ts'
import { openStore } from '../../src/core/store/store.ts'
import { quietLog, testPatience } from '../support/core.ts'

export interface KillOptions {
  dataDir: string
  url: string
  token: string
  now: number
  /**
   * Kills the process right before the `count`th run of a matching statement or pragma, or right after the `count`th
   * event.
   */
  strike: { sql: string; count: number } | { pragma: string; count: number } | { event: string; count: number } | null
  keepsOriginals?: boolean
  /** Breaks the product as a control: writes the cursor after the transaction of its page. */
  control: boolean
}

function say(word: string): void {
  writeSync(1, `${word}\n`)
}

function die(): void {
  say('struck')
  process.kill(process.pid, 'SIGKILL')
}

/**
 * Calls `before` ahead of every run of a statement whose text contains `sql`; if it returns true, the run is skipped.
 */
function intercept(sql: string, before: (run: () => void) => boolean): void {
  const prepare = Database.prototype.prepare
  Database.prototype.prepare = function (this: Database.Database, text: string) {
    const statement = prepare.call(this, text)
    if (!text.includes(sql)) return statement
    for (const method of ['run', 'get', 'all'] as const) {
      const original = statement[method].bind(statement) as (...values: unknown[]) => never
      statement[method] = (...values: unknown[]) => (before(() => original(...values)) ? never() : original(...values))
    }
    return statement
  } as typeof prepare
}
const never = () => ({ changes: 0, lastInsertRowid: 0 }) as never

/** The control: postpones the writes of a page to `sync_streams` until after its transaction. */
function writeCursorsOutside(): void {
  const waiting: (() => void)[] = []
  let inside = false
  intercept('INSERT INTO sync_streams', (run) => {
    if (inside) waiting.push(run)
    return inside
  })
  const transaction = Database.prototype.transaction
  Database.prototype.transaction = function (this: Database.Database, work: () => unknown) {
    const original = transaction.call(this, work)
    const immediate = () => {
      inside = true
      const result = original.immediate()
      inside = false
      for (const run of waiting.splice(0)) run()
      return result
    }
    return Object.assign(immediate, original, { immediate })
  } as typeof transaction
}

async function main({ dataDir, url, token, now, strike, keepsOriginals, control }: KillOptions): Promise<void> {
  let left = strike?.count ?? 0
  if (strike && 'sql' in strike) {
    intercept(strike.sql, () => {
      if (--left === 0) die()
      return false
    })
  }
  if (strike && 'pragma' in strike) {
    const pragma = Database.prototype.pragma
    Database.prototype.pragma = function (this: Database.Database, source, options) {
      if (source.includes(strike.pragma) && --left === 0) die()
      return pragma.call(this, source, options)
    }
  }
  if (control) writeCursorsOutside()

  const store = openStore(dataDir)
  const clock = { ...fixedClock(now), sleep: async () => {} }
  const core = createWriteCore({
    database: store.writer,
    clock,
    log: quietLog,
    links: linkTable,
    info: { version: '0.0.0', dataDir, readOnly: null, sandbox: false, api: url, platform: process.platform },
    service: createService({
      api: url,
      clock,
      secrets: { accessToken: async () => token, refresh: async () => null, account: async () => null },
    }),
    random: () => 0,
  })
  core.subscribe(({ type }) => {
    if (strike && 'event' in strike && strike.event === type && --left === 0) die()
  })
  say('open')
  if (keepsOriginals) return core.start()
  for (;;) await core.syncOnce(testPatience)
}

say('ready')
createInterface(process.stdin).once('line', (line) => void main(JSON.parse(line)))
