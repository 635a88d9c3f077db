import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Finished, runCli } from '../support/cli.ts'
import { runCliHere } from '../support/cli-here.ts'
import { openTestCore, temporaryFolder, testClock, testPatience } from '../support/core.ts'
import { createFakeService, type FakeService, failure, html } from '../support/fake-service.ts'

let service: FakeService
let folder: ReturnType<typeof temporaryFolder>
let data: string

beforeEach(async () => {
  service = await createFakeService({ maxPage: 20 })
  folder = temporaryFolder()
  data = join(folder.path, 'data')
})
afterEach(async () => {
  await service.close()
  folder.remove()
})

/** Commands on the service and the folder of the test. */
function commandsBy(run: typeof runCli) {
  const carat = (args: string[], env: Record<string, string> = {}) =>
    run(args, { INIT_CWD: folder.path, CARAT_TOKEN: service.token, ...env })
  const sync = (env: Record<string, string> = {}) => carat(['sync', '--api', service.url, '--data', data], env)
  const json = async (args: string[], env: Record<string, string> = {}) => {
    const finished = await carat([...args, '--json', '--data', data], env)
    return { ...finished, value: JSON.parse(finished.out) }
  }
  return { carat, sync, json }
}
const { carat, sync, json } = commandsBy(runCliHere)
/** For what only a process can show: its exit code, and that nothing else prints on its outputs. */
const processes = commandsBy(runCli)

const failedAt = Date.UTC(2026, 0, 28, 12)
const iso = (time: number) => new Date(time).toISOString()

function addFailedJob() {
  const job = service.addJob({
    agent: 'agent-2',
    status: 'failed',
    failure: { code: 'render_timeout', origin: 'system', message: null },
    createdAt: iso(failedAt - 60_000),
    finishedAt: iso(failedAt),
    results: [],
    prompt: '노을 지는 한강 위를 나는 종이학',
  })
  const charge = service.addTransaction({
    kind: 'charge',
    feature: 'video',
    amount: -33,
    jobId: job.id,
    agent: 'agent-2',
    occurredAt: iso(failedAt - 60_000),
  })
  return { job, charge }
}

describe('sync and the lists', () => {
  it('says where the history ends, and what of the balance nothing explains', async () => {
    service.addTransaction({ kind: 'grant', amount: 133, balanceAfter: 100, occurredAt: iso(failedAt - 7_200_000) })
    addFailedJob()
    const now = { CARAT_NOW: iso(failedAt + 7_200_000) }
    Object.assign(service.account, { balance: 40, balanceAsOf: now.CARAT_NOW })
    expect(await sync(now)).toMatchObject({ code: 0, err: '' })
    const refunds = await carat(['refunds', '--data', data, '--lang', 'en'], now)
    expect(refunds.out).toMatch(/Can’t tell yet \(Carat’s history ends at 2026-01-28 \d\d:59\)/)
    const summary = await carat(['summary', '--data', data, '--lang', 'en'], now)
    expect(summary.out).toContain('27 credits less than the history adds up to')
    expect(summary.out).toContain('Nothing explains 27 of them')
    expect(summary.out).toContain('history ends at 2026-01-28T11:59:00.000Z')
    expect((await json(['summary'], now)).value).toMatchObject({ difference: -27, unexplained: -27 })
    expect((await json(['refunds'], now)).value[0]).toMatchObject({ refundStatus: 'cannot_tell', unread: ['credits'] })
  })

  it('marks nothing of a list that lost more than half, until --accept-shorter says that it is right', async () => {
    const ids = Array.from({ length: 5 }, () => service.addJob().id)
    expect(await sync()).toMatchObject({ code: 0, err: '' })
    for (const id of ids.slice(1, 4)) service.jobs.delete(id)
    for (let time = 0; time < 2; time++) {
      service.trimLog()
      const asked = await carat(['sync', '--api', service.url, '--data', data, '--lang', 'en'])
      expect(asked).toMatchObject({ code: 1, err: expect.stringContaining('sync again with --accept-shorter') })
    }
    const accepted = await carat(['sync', '--api', service.url, '--data', data, '--accept-shorter'])
    expect(accepted).toMatchObject({ code: 0, err: '' })
    expect((await json(['jobs'])).value).toHaveLength(5)
    expect(await sync()).toMatchObject({ code: 0, err: '' })
  })

  it('syncs every page and prints the agreed shapes as bare JSON', async () => {
    const { sync, json } = processes
    const { job, charge } = addFailedJob()
    for (let number = 0; number < 45; number++) service.addJob({ agent: number % 2 ? 'agent-1' : 'agent-2' })
    const synced = await sync({ CARAT_NOW: iso(failedAt + 60_000) })
    expect(synced).toMatchObject({ code: 0, err: '' })

    const jobs = await json(['jobs', '--limit', '100'])
    expect(jobs.value).toHaveLength(46)
    expect(Object.keys(jobs.value[0])).toEqual([
      'jobId',
      'agent',
      'chatId',
      'chatTitle',
      'kind',
      'model',
      'prompt',
      'outcome',
      'refundStatus',
      'resultCount',
      'createdAt',
    ])
    const times = jobs.value.map((row: { createdAt: string }) => row.createdAt)
    expect(times).toEqual([...times].sort().reverse())
    expect((await json(['jobs'])).value).toHaveLength(46)
    expect((await json(['jobs', '--limit', '3', '--agent', 'agent-1'])).value).toHaveLength(3)

    const found = await json(['search', '종이학 한강'])
    expect(found.value.map((row: { jobId: string }) => row.jobId)).toEqual([job.id])

    const refunds = await json(['refunds'], { CARAT_NOW: iso(failedAt + 60_000) })
    const own = refunds.value.find((row: { jobId: string }) => row.jobId === job.id)
    expect(own).toEqual({
      case: `job:agent-2:${job.id}`,
      agent: 'agent-2',
      jobId: job.id,
      transactionIds: [charge.id],
      outcome: 'failed',
      refundStatus: 'refund_pending',
      reason: 'system_failure',
      charged: 33,
      refunded: 0,
      outstanding: 33,
      since: iso(failedAt),
      unread: [],
    })
  })

  it('lists what the check of the ledger found', async () => {
    const { job, charge } = addFailedJob()
    const again = service.addTransaction({ ...charge, id: 'again', occurredAt: iso(failedAt + 300_000) })
    await sync()
    const expected = { kind: 'double_charge', transactionIds: [charge.id, again.id], case: `job:agent-2:${job.id}` }
    expect((await json(['findings'])).value).toEqual([{ ...expected, amount: 33 }])
    const printed = await carat(['findings', '--data', data, '--lang', 'en'])
    expect(printed.out).toMatch(new RegExp(`33 {2}Charged again {2}${charge.id} again`))
  })

  it('decides at CARAT_NOW, later or earlier, and calls nothing missing without proof', async () => {
    const { job } = addFailedJob()
    const deadline = failedAt + service.account.policy.refundGraceSeconds * 1000
    const statusAt = async (time: number) => {
      const { value } = await json(['refunds'], { CARAT_NOW: iso(time) })
      const row = value.find((found: { jobId: string }) => found.jobId === job.id)
      return [row.refundStatus, ...row.unread]
    }
    await sync({ CARAT_NOW: iso(deadline) })
    expect(await statusAt(deadline)).toEqual(['refund_pending'])
    expect(await statusAt(deadline + 1)).toEqual(['cannot_tell', 'credits'])
    await sync({ CARAT_NOW: iso(deadline + 1) })
    expect(await statusAt(deadline + 1)).toEqual(['refund_missing'])
    expect(await statusAt(deadline)).toEqual(['refund_pending'])
    service.addTransaction({ kind: 'refund', feature: 'video', amount: 33, jobId: job.id, agent: 'agent-2' })
    await sync({ CARAT_NOW: iso(deadline + 2) })
    expect(await statusAt(deadline + 2)).toEqual(['refunded'])
    expect((await carat(['verify', '--data', data])).code).toBe(0)
  })

  it('exports whole files and escapes text that a spreadsheet would run', async () => {
    service.addTransaction({ kind: 'grant', amount: 5, memo: '=HYPERLINK("https://evil.example")' })
    addFailedJob()
    await sync()
    const csv = await carat(['export', '--format', 'csv', '--out', 'ledger.csv', '--data', data])
    expect(csv.code).toBe(0)
    const lines = readFileSync(join(folder.path, 'ledger.csv'), 'utf8').trimEnd().split('\r\n')
    expect(lines).toHaveLength(3)
    expect(lines.join('\n')).toContain(`"'=HYPERLINK(""https://evil.example"")"`)
    await carat(['export', '--format', 'json', '--out', join(folder.path, 'all.json'), '--data', data])
    const all = JSON.parse(readFileSync(join(folder.path, 'all.json'), 'utf8'))
    expect([all.jobs.length, all.credits.length, all.refunds.length]).toEqual([1, 2, 1])
    expect([all.marks, all.support]).toEqual([[], []])
    const saved = await carat(['export', '--format', 'xlsx', '--out', 'all.xlsx', '--data', data, '--lang', 'both'])
    expect([saved.code, saved.out]).toEqual([0, expect.stringContaining(join(folder.path, 'all.xlsx'))])
    const { sheets } = await readXlsx(readFileSync(join(folder.path, 'all.xlsx')))
    expect(sheets.map((sheet) => [sheet.name, sheet.rows.length])).toEqual([
      ['Jobs(작업)', 2],
      ['Credit history(사용 내역)', 3],
      ['Refunds(환불)', 2],
      ['Marks(표시)', 1],
      ['Support messages(문의 기록)', 1],
    ])
    const refused = await carat([
      'export',
      '--format',
      'csv',
      '--out',
      join(folder.path, 'no', 'x.csv'),
      '--data',
      data,
    ])
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain('could not be written')
  })
})

describe('verify --repair', () => {
  const change = (sql: string) => {
    const database = new Database(join(data, 'carat.db'))
    database.exec(sql)
    database.close()
  }

  it('rebuilds derived data that does not agree with the records, and succeeds', async () => {
    addFailedJob()
    await sync()
    change(`UPDATE refund_cases SET reason = 'canceled'; DELETE FROM case_daily_totals; DELETE FROM job_search`)
    expect(await carat(['verify', '--data', data, '--lang', 'en'])).toMatchObject({ code: 1 })
    const repaired = await carat(['verify', '--repair', '--json', '--data', data])
    expect(repaired).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(repaired.out)).toMatchObject({ repaired: expect.arrayContaining(['cases', 'search']) })
    expect(await carat(['verify', '--data', data])).toMatchObject({ code: 0 })
  })

  it('reports a changed ledger row, repairs nothing and fails', async () => {
    addFailedJob()
    await sync()
    change(`UPDATE credit_transactions SET memo = 'changed'`)
    const refused = await carat(['verify', '--repair', '--json', '--data', data])
    expect(refused).toMatchObject({ code: 1 })
    expect(JSON.parse(refused.out)).toMatchObject({ repaired: [] })
  })
})

describe('backup and restore', () => {
  /** Marks the job and writes to support, as the app does. */
  async function addKnowledge(jobId: string) {
    const { core, close } = openTestCore(data, { url: service.url, token: service.token }, testClock(failedAt))
    const name = `job:agent-2:${jobId}`
    await core.dispatch('marks.set', { case: name, favorite: true, note: '담당자와 통화함', dismissed: true })
    await core.dispatch('support.save', { cases: [name], subject: '문의', text: '안녕하세요' })
    await close()
    return name
  }

  it('restores everything into an empty folder, and only marks and messages into any other', async () => {
    const { job } = addFailedJob()
    await sync()
    const name = await addKnowledge(job.id)
    const exported = async (folderName: string) => {
      const out = join(folder.path, `${folderName}.json`)
      await carat(['export', '--format', 'json', '--out', out, '--data', join(folder.path, folderName)])
      return JSON.parse(readFileSync(out, 'utf8'))
    }
    const before = await exported('data')
    expect(before.marks).toMatchObject([
      { case: name, favorite: true, note: '담당자와 통화함', dismissedAt: iso(failedAt) },
    ])
    expect(before.support).toMatchObject([{ cases: [name], state: 'draft', subject: '문의', text: '안녕하세요' }])

    const backup = await carat(['backup', '--out', 'kept.db', '--data', data])
    expect(backup).toMatchObject({ code: 0, err: '' })
    expect(backup.out).toContain(join(folder.path, 'kept.db'))
    const empty = join(folder.path, 'empty')
    expect(await carat(['restore', '--from', 'kept.db', '--data', empty])).toMatchObject({ code: 0, err: '' })
    expect(await exported('empty')).toEqual(before)
    expect((await carat(['verify', '--data', empty])).code).toBe(0)

    data = join(folder.path, 'other')
    await sync()
    const restored = await carat(['restore', '--from', 'kept.db', '--data', data])
    expect(restored.out).toContain('marks 1, messages to support 1')
    expect((await exported('other')).marks).toEqual(before.marks)
  }, 60_000)

  it('refuses a file that is no backup, and makes no backup of an empty folder', async () => {
    writeFileSync(join(folder.path, 'text.db'), 'a text')
    const refused = await carat(['restore', '--from', 'text.db', '--data', data])
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain('text.db')
    expect(existsSync(data)).toBe(false)
    expect((await carat(['restore', '--data', data])).err).toContain('--from')
    expect((await carat(['backup', '--data', data])).err).toContain('--out')
    expect((await carat(['backup', '--out', 'kept.db', '--data', data])).code).toBe(1)
    expect(existsSync(join(folder.path, 'kept.db'))).toBe(false)
  })
})

describe('verify', () => {
  it.each([
    ['row_hashes', 'UPDATE credit_transactions SET amount = amount - 1'],
    ['search_index', `INSERT INTO job_search (job_search) VALUES ('delete-all')`],
  ])('reports a break and exits with 1: %s', async (check, sql) => {
    addFailedJob()
    const { core, close } = openTestCore(data, { url: service.url, token: service.token }, testClock(Date.now()))
    await core.syncOnce(testPatience)
    await close()
    expect((await json(['verify'])).value).toMatchObject({ ok: true })
    const database = new Database(join(data, 'carat.db'))
    database.exec(sql)
    database.close()
    const after = await processes.json(['verify'])
    expect(after.code).toBe(1)
    expect(after.err).toContain('do not add up')
    const broken = after.value.checks.filter((row: { broken: number }) => row.broken > 0)
    expect(broken.map((row: { check: string }) => row.check)).toContain(check)
  })
})

describe('bad input', () => {
  const refusal = (run: Finished) => {
    expect(run.code).toBe(1)
    expect(run.out).toBe('')
    expect(run.err).not.toContain('    at ')
    return run.err
  }

  it('names unknown options, commands and values in the chosen language', async () => {
    expect(refusal(await processes.carat(['jobs', '--nope']))).toContain('--nope')
    expect(refusal(await carat(['dance']))).toContain('dance')
    expect(refusal(await carat(['jobs', '--limit', '0']))).toContain('--limit')
    expect(refusal(await carat(['sync', '--limit', '3']))).toContain('--limit')
    expect(refusal(await carat(['search']))).toContain('search')
    expect(refusal(await carat(['jobs', '--agent', 'agent-3', '--lang', 'ko']))).toMatch(/agent-3.*[가-힣]/)
    expect(refusal(await carat(['jobs'], { CARAT_NOW: 'yesterday' }))).toContain('CARAT_NOW')
  })

  it('reports problems of the service and changes no records', async () => {
    addFailedJob()
    await sync()
    const before = (await json(['jobs'])).value
    expect(refusal(await carat(['sync', '--api', service.url, '--data', data], { CARAT_TOKEN: 'wrong' }))).toContain(
      'CARAT_TOKEN',
    )
    service.fault('/v1/me', html)
    expect(refusal(await sync())).toContain('not Carat')
    service.fault('/v1/me', failure(500, 'internal', { 'retry-after': '0' }), 20)
    expect(refusal(await sync())).toContain('500')
    expect(refusal(await carat(['sync', '--api', 'http://127.0.0.1:1', '--data', data]))).toContain('127.0.0.1:1')
    expect((await json(['jobs'])).value).toEqual(before)
    expect((await carat(['verify', '--data', data])).code).toBe(0)
  }, 240_000)

  it('refuses folders and files that it cannot use and leaves them unchanged', async () => {
    const file = join(folder.path, 'file')
    writeFileSync(file, 'a file')
    expect(refusal(await carat(['sync', '--api', service.url, '--data', file]))).toContain(file)
    addFailedJob()
    await sync()
    const path = join(data, 'carat.db')
    const database = new Database(path)
    database.pragma('user_version = 999')
    database.close()
    const before = readFileSync(path)
    expect(refusal(await sync())).toContain('newer')
    expect(refusal(await carat(['jobs', '--data', data]))).toContain('newer')
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('creates no files if a command only reads, and says that there are no records', async () => {
    const none = await carat(['jobs', '--json', '--data', data])
    expect(none).toMatchObject({ code: 0, out: '[]\n' })
    expect(none.err).toContain(data)
    expect(existsSync(data)).toBe(false)
    expect((await carat(['verify', '--data', data])).code).toBe(1)
  })
})
