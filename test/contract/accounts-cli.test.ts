import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'

let service: FakeService
let folder: ReturnType<typeof temporaryFolder>

const carat = (...args: string[]) =>
  runCliHere([...args, '--data', join(folder.path, 'data')], {
    INIT_CWD: folder.path,
    CARAT_TOKEN: service.token,
    CARAT_NOW: '2026-02-10T00:00:00Z',
  })
const json = async (...args: string[]) => {
  const run = await carat(...args, '--json')
  expect(run).toMatchObject({ code: 0, err: '' })
  return JSON.parse(run.out)
}

beforeAll(async () => {
  service = await createFakeService()
  folder = temporaryFolder()
  service.addJob({ id: 'synced', prompt: 'a cat' })
  service.addTransaction({ id: 'synced-charge', jobId: 'synced', agent: 'agent-1', amount: -40 })
  writeFileSync(
    join(folder.path, 'table.csv'),
    '일시,내용,크레딧\n2026-01-28 14:21,이미지,-33\n2026-01-28 14:22,이미지,-5\n',
  )
  await json('import', 'table.csv', '--yes')
  await json('sync', '--api', service.url)
})
afterAll(async () => {
  await service.close()
  folder.remove()
})

describe('a data folder with a synced account and an imported one', () => {
  it('lists both, the shown one first', async () => {
    const { id, displayName, signInMethod, plan } = service.account
    expect(await json('accounts')).toEqual([
      {
        id,
        displayName,
        signInMethod,
        plan,
        imported: false,
        sample: false,
        shown: true,
        jobs: 1,
        transactions: 1,
        syncedAt: '2026-02-10T00:00:00.000Z',
        signedIn: false,
        secrets: null,
      },
      {
        id: 'my-history',
        displayName: 'My history',
        signInMethod: 'imported',
        plan: '',
        imported: true,
        sample: false,
        shown: false,
        jobs: 0,
        transactions: 2,
        syncedAt: null,
        signedIn: false,
        secrets: null,
      },
    ])
    expect((await carat('accounts')).out).toContain(`* ${id}  ${displayName}`)
  })

  it.each([
    ['credits', 1, 2],
    ['refunds', 1, 2],
    ['jobs', 1, 0],
    ['imports', 1, 1],
  ])('answers %s for the account of --account', async (command, shown, imported) => {
    expect(await json(command)).toHaveLength(shown)
    expect(await json(command, '--account', 'my-history')).toHaveLength(imported)
  })

  it('answers summary, findings, search and export for the account of --account', async () => {
    const ofImports = (...args: string[]) => json(...args, '--account', 'my-history')
    expect(await json('summary')).toMatchObject({ account: { id: service.account.id }, cases: 1 })
    expect(await ofImports('summary')).toMatchObject({ account: { id: 'my-history' }, cases: 2 })
    expect(await ofImports('findings')).toEqual([])
    expect(await json('search', 'cat')).toHaveLength(1)
    expect(await ofImports('search', 'cat')).toEqual([])
    const out = join(folder.path, 'out.json')
    expect((await carat('export', '--format', 'json', '--out', out, '--account', 'my-history')).out).toMatch(
      /^4 records/,
    )
  })

  it('answers for all accounts together with --account all, each record with its account', async () => {
    const ofAll = (...args: string[]) => json(...args, '--account', 'all')
    const { id } = service.account
    const accountsOf = (rows: { account: string }[]) => rows.map(({ account }) => account)
    expect(accountsOf(await ofAll('credits')).sort()).toEqual([id, 'my-history', 'my-history'].sort())
    expect(accountsOf(await ofAll('refunds')).sort()).toEqual([id, 'my-history', 'my-history'].sort())
    expect(accountsOf(await ofAll('jobs'))).toEqual([id])
    expect(accountsOf(await ofAll('search', 'cat'))).toEqual([id])
    expect(await ofAll('findings')).toEqual([])
    const out = join(folder.path, 'all.csv')
    expect(await carat('export', '--format', 'csv', '--out', out, '--account', 'all')).toMatchObject({ code: 0 })
    const [heading, ...rows] = readFileSync(out, 'utf8').trimEnd().split('\r\n')
    expect(heading).toMatch(/^\uFEFFaccount,transactionId,/)
    expect(rows.map((row) => row.split(',')[0]).sort()).toEqual([id, 'my-history', 'my-history'].sort())
    // One summary for each: balances are never added.
    expect(await ofAll('summary')).toMatchObject([
      { account: { id }, cases: 1 },
      { account: { id: 'my-history' }, cases: 2 },
    ])
    const times = (await ofAll('credits')).map(({ occurredAt }: { occurredAt: string }) => occurredAt)
    expect(times).toEqual([...times].sort().reverse())
    expect((await carat('refunds', '--account', 'all')).out).toMatch(/^my-history {2}/m)
    expect((await carat('summary', '--account', 'all')).out).toMatch(/^my-history$/m)
  })

  it('refuses all accounts for a command about one', async () => {
    const { code, err } = await carat('imports', '--account', 'all')
    expect(code).toBe(1)
    expect(err).toContain('--account all does not work here')
  })

  it('refuses an account that it does not have, and names those that it has', async () => {
    for (const command of ['credits', 'summary', 'imports']) {
      const { code, out, err } = await carat(command, '--account', 'other')
      expect({ code, out }).toEqual({ code: 1, out: '' })
      expect(err).toContain(`${service.account.id}, my-history`)
    }
    expect(await carat('verify', '--account', 'my-history')).toMatchObject({ code: 1, out: '' })
  })
})
