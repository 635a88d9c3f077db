import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import { statement as downloaded } from '../support/import-tables.ts'

let service: FakeService
let folder: ReturnType<typeof temporaryFolder>

beforeEach(async () => {
  service = await createFakeService()
  folder = temporaryFolder()
})
afterEach(async () => {
  await service.close()
  folder.remove()
})

const carat = (args: string[], data = 'data') =>
  runCliHere([...args, '--data', join(folder.path, data)], {
    INIT_CWD: folder.path,
    CARAT_TOKEN: service.token,
    CARAT_NOW: '2026-02-10T00:00:00Z',
  })
const json = async (args: string[], data?: string) => {
  const run = await carat([...args, '--json'], data)
  expect(run).toMatchObject({ code: 0, err: '' })
  return JSON.parse(run.out)
}
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder.path, name), content)
const credits = async (data?: string) =>
  ((await json(['credits'], data)) as { occurredAt: string; kind: string; amount: number; feature: string }[]).map(
    ({ occurredAt, kind, amount, feature }) => [occurredAt, kind, amount, feature],
  )

/** With a row whose time cannot be read. */
const statement = `${downloaded}어제쯤,사용,-5,,이미지`

const table = (rows: readonly [time: string, amount: number][]) =>
  ['일시,기능,크레딧', ...rows.map(([time, amount]) => `${time},이미지,${amount}`)].join('\n')
const [minute, day] = ['2026-01-28 14:21', '2026-01-28']
const three = [-33, -33, -33, 33]
const four = [-33, ...three]
const rowsAt = (time: string, amounts: readonly number[]) => amounts.map((amount): [string, number] => [time, amount])

describe('import', () => {
  it('says what it would do, with the reason of each guess and refusal, and writes nothing without --yes', async () => {
    write('statement.csv', statement)
    const preview = await json(['import', 'statement.csv'])
    expect(preview).toMatchObject({ batch: null, rows: 3, imported: 3, recognised: 0 })
    expect(preview.refused).toEqual([{ row: 10, text: expect.stringContaining('어제쯤'), reason: 'unreadable_time' }])
    expect(preview.guesses).toContainEqual({ column: '사용 크레딧', as: 'amount', because: 'heading_says' })
    expect(existsSync(join(folder.path, 'data'))).toBe(false)
  })

  it('refuses a file and a mapping of thousands of brackets in plain words', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    write('deep.json', deep)
    write('records.json', `[{"a":${deep}}]`)
    write('one.csv', statement)
    for (const args of [['deep.json'], ['records.json'], ['one.csv', '--mapping', 'deep.json']]) {
      const run = await carat(['import', ...args])
      expect(run).toMatchObject({ code: 1, out: '' })
      expect(run.err).toMatch(/^(The file is damaged|“deep\.json” is not a valid value).*\n$/)
    }
    const inline = await carat(['import', 'one.csv', '--mapping', `{"columns":${deep.slice(0, 90_000)}`])
    expect(inline.err).toMatch(/^“.{101}” is not a valid value for --mapping/)
  })

  it('reads a source as --format says', async () => {
    write('list.txt', '이미지 생성\n2026. 1. 28. 14:21\n-33\n')
    expect(await json(['import', 'list.txt'])).toMatchObject({ rows: 1 })
    expect(await json(['import', 'list.txt', '--format', 'txt'])).toMatchObject({ rows: 1 })
    for (const format of ['xlsx', 'json']) {
      expect(await carat(['import', 'list.txt', '--format', format]), format).toMatchObject({ code: 1, out: '' })
    }
  })

  it('imports a Korean statement in Korean time, and undoes and redoes it', async () => {
    write('statement.csv', statement)
    expect(await json(['import', 'statement.csv', '--yes'])).toMatchObject({ batch: 1, rows: 3, imported: 3 })
    const imported = [
      ['2026-01-28T03:05:00.000Z', 'charge', -1033, 'video'],
      ['2026-01-27T15:05:00.000Z', 'refund', 1033, 'video'],
      ['2026-01-27T14:59:30.000Z', 'charge', -33, 'image'],
    ]
    expect(await credits()).toEqual(imported)
    const cases = (await json(['refunds'])) as { refundStatus: string; lacking: string[] }[]
    expect(cases.map(({ refundStatus }) => refundStatus)).toEqual(['cannot_tell', 'cannot_tell'])
    expect(cases[1]?.lacking).toEqual(['results_not_known'])
    expect(await json(['undo', '1'])).toMatchObject({ batch: 1, undone: true })
    expect(await credits()).toEqual([])
    expect(await json(['imports'])).toMatchObject([
      { batch: 1, source: 'statement.csv', at: '2026-02-10T00:00:00.000Z', rows: 3, imported: 3, undone: true },
    ])
    await json(['undo', '1', '--redo'])
    expect(await credits()).toEqual(imported)
    expect(await carat(['verify'])).toMatchObject({ code: 0 })
  })

  it('reads a table as --mapping says, and remembers it for the next table of the same layout', async () => {
    write('one.csv', table([[minute, -33]]))
    write('two.csv', `안내,,\n${table([['2026-01-29 14:21', -10]])}`)
    const mapping = JSON.stringify({ zone: 'UTC', columns: { 기능: 'ignored' } })
    await json(['import', 'one.csv', '--yes', '--mapping', mapping])
    await json(['import', 'two.csv', '--yes'])
    expect(await credits()).toEqual([
      ['2026-01-29T14:21:00.000Z', 'charge', -10, null],
      ['2026-01-28T14:21:00.000Z', 'charge', -33, null],
    ])
    expect(await carat(['import', 'one.csv', '--mapping', '{"columns":{"없음":"amount"}}'])).toMatchObject({ code: 1 })
  })

  it('tells what was chosen, every refused row, and that it knows no such zone', async () => {
    const unreadable = Array.from({ length: 300 }, (): [string, number] => ['어느 날', -1])
    write(
      'one.csv',
      table([
        ...rowsAt(
          minute,
          unreadable.map(([, amount]) => amount),
        ),
        ...unreadable,
      ]),
    )
    const { guesses, refused } = await json(['import', 'one.csv', '--mapping', '{"zone":"UTC"}'])
    expect(guesses).toContainEqual({ column: 'zone', as: 'UTC', because: 'chosen' })
    expect(refused).toHaveLength(300)
    expect(await carat(['import', 'one.csv', '--mapping', '{"zone":"Mars"}'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('--mapping'),
    })
  })

  it.skipIf(process.platform === 'win32')('reads no named pipe, which Windows has not, without a writer', async () => {
    execFileSync('mkfifo', [join(folder.path, 'pipe')])
    expect(await carat(['import', 'pipe'])).toMatchObject({ code: 1, err: expect.stringContaining('pipe') })
  })

  it('reads standard input', async () => {
    const run = await runCli(['import', '-', '--json', '--data', join(folder.path, 'data')], {}, table([[minute, -33]]))
    expect(JSON.parse(run.out)).toMatchObject({ rows: 1, imported: 1 })
  })

  it('keeps equal rows apart, knows them again, and a later sync doubles none (FC-13)', async () => {
    write('1.csv', table(rowsAt(minute, three)))
    write('2.csv', table(rowsAt(minute, four)))
    write('3.csv', table(rowsAt(day, four)))
    const imported = []
    for (const name of ['1', '1', '2', '3']) imported.push((await json(['import', `${name}.csv`, '--yes'])).imported)
    expect(imported).toEqual([4, 0, 1, 0])
    for (const second of ['07', '31', '58']) {
      service.addTransaction({
        kind: 'charge',
        feature: 'image',
        amount: -33,
        occurredAt: `2026-01-28T05:21:${second}Z`,
      })
    }
    await json(['sync', '--api', service.url])
    const amounts = (await credits()).map(([, , amount]) => amount).sort()
    expect(amounts).toEqual([-33, -33, -33, -33, 33])
    expect(await carat(['verify'])).toMatchObject({ code: 0 })
  })

  it('corrects a time zone that the first sync disproves, and the list of imports says so', async () => {
    const utc = ['2026-01-28 05:21', '2026-01-27 18:05', '2026-01-26 23:40']
    write('utc.csv', table(utc.map((time, index) => [time, -33 - index])))
    expect(await json(['import', 'utc.csv', '--yes'])).toMatchObject({ imported: 3 })
    for (const [index, time] of utc.entries()) {
      const occurredAt = `${time.replace(' ', 'T')}:31Z`
      service.addTransaction({ kind: 'charge', feature: 'image', amount: -33 - index, occurredAt })
    }
    await json(['sync', '--api', service.url])
    expect((await credits()).map(([at]) => at)).toEqual(utc.map((time) => `${time.replace(' ', 'T')}:31.000Z`))
    expect((await carat(['imports', '--lang', 'en'])).out).toContain('(time zone corrected: Asia/Seoul → UTC)')
    expect(await json(['imports'])).toMatchObject([{ rows: 3, imported: 0, undone: false }])
    expect(await carat(['verify'])).toMatchObject({ code: 0 })
  })

  it('says if equal rows at the seam of two tables may be different ones', async () => {
    const [older, newer] = ['2026-01-28 14:20', '2026-01-28 14:22']
    write('1.csv', table([...rowsAt(older, [-5]), ...rowsAt(minute, [-33])]))
    write('2.csv', table([...rowsAt(minute, [-33]), ...rowsAt(newer, [-5])]))
    write('3.csv', table([...rowsAt(older, [-5]), ...rowsAt(minute, [-33]), ...rowsAt(newer, [-5])]))
    expect(await json(['import', '1.csv', '--yes'])).toMatchObject({ imported: 2, uncertain: 0 })
    expect(await json(['import', '2.csv', '--yes'])).toMatchObject({ imported: 1, recognised: 1, uncertain: 1 })
    expect(await json(['import', '3.csv'])).toMatchObject({ imported: 0, recognised: 3, uncertain: 0 })
  })

  it.each(['csv', 'json', 'xlsx'])('reads its own export as %s without loss', async (format) => {
    write('statement.csv', statement)
    await json(['import', 'statement.csv', '--yes'])
    const name = `export.${format}`
    expect(await carat(['export', '--format', format, '--out', name])).toMatchObject({ code: 0 })
    await json(['import', name, '--yes'], 'other')
    const [before, after] = [await json(['credits']), await json(['credits'], 'other')]
    expect(after).toEqual(before)
  })
})

describe('an export as JSON', () => {
  /** A job with a result, one that failed and whose charge came back, and one of the other agent that runs. */
  function addJobs(): void {
    const result = { id: 'r', mimeType: 'image/png', url: 'https://media.example.com/r.png', width: 8, height: 6 }
    const made = service.addJob({ status: 'succeeded', results: [result], chatTitle: '봄' })
    const failure = { code: 'server_error', origin: 'system', message: 'Sorry' }
    const failed = service.addJob({ status: 'failed', failure, results: [] })
    service.addJob({ agent: 'agent-2', status: 'running', results: [] })
    service.account.balance = 967
    service.addTransaction({ amount: -33, jobId: made.id, agent: 'agent-1', balanceAfter: 967 })
    const charge = service.addTransaction({ amount: -10, jobId: failed.id, agent: 'agent-1', balanceAfter: 957 })
    service.addTransaction({ kind: 'refund', amount: 10, reverses: charge.id, balanceAfter: 967 })
  }

  it('brings jobs and ledger back into an empty folder, and adds nothing to its own account', async () => {
    addJobs()
    await carat(['sync', '--api', service.url])
    const before = [await json(['jobs']), await json(['credits'])]
    expect(await carat(['export', '--format', 'json', '--out', 'all.json'])).toMatchObject({ code: 0 })
    expect(await json(['import', 'all.json', '--yes'], 'other')).toMatchObject({
      jobs: { new: 3, known: 0, refused: 0 },
    })
    expect([await json(['jobs'], 'other'), await json(['credits'], 'other')]).toEqual(before)
    expect(await carat(['export', '--format', 'json', '--out', 'again.json'], 'other')).toMatchObject({ code: 0 })
    const [first, again] = ['all.json', 'again.json'].map((name) =>
      JSON.parse(readFileSync(join(folder.path, name), 'utf8')),
    )
    expect(again.jobs).toEqual(first.jobs)
    expect(again.credits).toEqual(first.credits)
    expect(await json(['import', 'all.json', '--yes'])).toMatchObject({
      imported: 0,
      jobs: { new: 0, known: 3, refused: 0 },
    })
    expect([await json(['jobs']), await json(['credits'])]).toEqual(before)
  })

  it('says if it has no results of its jobs, as earlier versions wrote it', async () => {
    addJobs()
    await carat(['sync', '--api', service.url])
    await carat(['export', '--format', 'json', '--out', 'all.json'])
    const { jobs, ...rest } = JSON.parse(readFileSync(join(folder.path, 'all.json'), 'utf8'))
    write('old.json', JSON.stringify({ ...rest, jobs: jobs.map(({ results, ...job }: { results: unknown }) => job) }))
    expect(await json(['import', 'old.json'], 'other')).toMatchObject({ jobs: null })
    expect((await carat(['import', 'old.json'], 'other')).out).toContain('Only the credit history')
  })
})

describe('bad input', () => {
  const attempt = async (name: string, content: string | Uint8Array) => {
    write(name, content)
    const run = await carat(['import', name, '--yes'])
    expect(run.code).toBe(1)
    expect(run.out).toBe('')
    expect(run.err).toMatch(/\.\n$/)
    expect(run.err).not.toMatch(/\bat .*:\d+/)
    expect(existsSync(join(folder.path, 'data'))).toBe(false)
    return run.err
  }

  it('is refused in one sentence, and nothing is stored', async () => {
    expect(await attempt('empty.csv', '')).toMatch(/empty/)
    expect(await attempt('words.txt', 'no table in here')).not.toBe('')
    const compound = new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...new Uint8Array(600)])
    expect(await attempt('locked.xlsx', compound)).not.toBe('')
    expect(await attempt('half.xlsx', new Uint8Array([0x50, 0x4b, 3, 4, 20, 0]))).not.toBe('')
    expect(await attempt('wide.csv', `${'a,'.repeat(1_000_000)}\n`)).toMatch(/columns/)
  })

  it('reads no more of a huge file than it may have', async () => {
    closeSync(openSync(join(folder.path, 'huge.csv'), 'w'))
    truncateSync(join(folder.path, 'huge.csv'), 3_000_000_000)
    const run = await carat(['import', 'huge.csv'])
    expect(run).toMatchObject({ code: 1, out: '' })
    expect(run.err).toMatch(/too large/)
  })

  it('names a file that is not there', async () => {
    expect((await carat(['import', 'none.csv'])).err).toContain('none.csv')
  })

  it('keeps the text of formulas as text', async () => {
    write('formula.csv', `일시,내용,크레딧\n${minute},=HYPERLINK("http://evil.test"),-33`)
    await json(['import', 'formula.csv', '--yes'])
    const rows = (await json(['credits'])) as { memo: string }[]
    expect(rows.map(({ memo }) => memo)).toEqual(['=HYPERLINK("http://evil.test")'])
  })
})

it('names the imports and accounts that there are', async () => {
  write('1.csv', table(rowsAt(minute, three)))
  await json(['import', '1.csv', '--yes'])
  expect((await carat(['undo', '7'])).err).toContain('no import 7')
  expect((await carat(['import', '1.csv', '--account', 'other'])).err).toContain('my-history')
})

it('reports the synced account even if an imported one is shown', async () => {
  service.addTransaction({ kind: 'charge', amount: -7, occurredAt: '2026-01-20T05:21:00Z' })
  write('1.csv', table(rowsAt(minute, three)))
  await json(['import', '1.csv', '--yes'])
  const { account } = await json(['sync', '--api', service.url])
  await json(['import', '1.csv', '--yes', '--account', 'my-history'])
  expect(await json(['sync', '--api', service.url])).toMatchObject({ account })
})

it('asks for an account if there are several', async () => {
  write('1.csv', table(rowsAt(minute, three)))
  service.addTransaction({ kind: 'charge', amount: -7, occurredAt: '2026-01-20T05:21:00Z' })
  await json(['import', '1.csv', '--yes'])
  await json(['sync', '--api', service.url])
  expect((await carat(['import', '1.csv'])).err).toContain('my-history')
  expect(await json(['import', '1.csv', '--account', 'my-history'])).toMatchObject({ recognised: 4 })
})
