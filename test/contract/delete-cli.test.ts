import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countAccountRows } from '../../src/core/deletion/account-rows.ts'
import { keptContent } from '../../src/core/media/folders.ts'
import { findAccount } from '../../src/core/store/accounts/accounts.ts'
import { openReader } from '../../src/core/store/store.ts'
import { seededRandom } from '../../src/shared/random.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import { png } from '../support/picture-bytes.ts'
import { filesWith } from '../support/traces.ts'

let service: FakeService
let folder: ReturnType<typeof temporaryFolder>
const dataDir = () => join(folder.path, 'data')

const prompt = '달빛 아래 유리로 만든 고래'
const carat = (...args: string[]) => runCliHere([...args, '--data', dataDir()])
async function json(...args: string[]) {
  const run = await carat(...args, '--json')
  expect(run).toMatchObject({ code: 0, err: '' })
  return JSON.parse(run.out)
}
const picture = join('results', 'whale.png')

beforeEach(async () => {
  service = await createFakeService()
  folder = temporaryFolder()
  process.env.CARAT_TOKEN = service.token
  // An import into an empty folder makes an account of its own.
  writeFileSync(join(folder.path, 'other.csv'), '일시,내용,크레딧\n2026-01-27 10:00,영상 생성,-120\n')
  await json('import', join(folder.path, 'other.csv'), '--yes')
  for (let number = 0; number < 40; number++) {
    const id = `synced-${number}`
    service.addJob({ id, prompt: `${prompt} ${number}` })
    service.addTransaction({ id: `charge-${number}`, jobId: id, agent: 'agent-1', amount: -40 })
  }
  await json('sync', '--api', service.url)
  mkdirSync(join(folder.path, 'results'))
  writeFileSync(join(folder.path, picture), png(1))
  writeFileSync(join(folder.path, 'table.csv'), '일시,내용,크레딧\n2026-01-28 14:21,이미지 생성,-33\n')
  const own = ['--account', service.account.id, '--yes']
  await json('import-folder', join(folder.path, 'results'), '--agent', 'agent-1', '--copy', ...own)
  await json('import', join(folder.path, 'table.csv'), ...own)
  mkdirSync(join(dataDir(), 'backups'))
  await carat('backup', '--out', join(dataDir(), 'backups', 'carat-20260101T000000Z.db'))
})
afterEach(async () => {
  delete process.env.CARAT_TOKEN
  await service.close()
  folder.remove()
})

describe('the deletion of an account', () => {
  it('says what goes, and writes nothing without --yes', async () => {
    const plan = { account: service.account.id, jobs: 41, transactions: 41, imports: 2, copies: 1 }
    expect(await json('delete', '--account', service.account.id)).toMatchObject([
      { ...plan, backups: ['carat-20260101T000000Z.db'], deleted: false },
    ])
    expect((await carat('delete', '--all')).err).toContain('--yes')
    expect(await json('jobs')).toHaveLength(41)
    expect(existsSync(join(dataDir(), 'backups', 'carat-20260101T000000Z.db'))).toBe(true)
    for (const options of [[], ['--all', '--account', 'x'], ['--account', 'unknown']]) {
      expect(await carat('delete', ...options, '--yes')).toMatchObject({ code: 1, out: '' })
    }
  })

  it('leaves nothing of it in any file, and the other account as it was', async () => {
    const other = {
      refunds: await json('refunds', '--account', 'my-history'),
      imports: await json('imports', '--account', 'my-history'),
    }
    expect(filesWith(dataDir(), prompt)).not.toEqual([])
    const copy = keptContent(
      dataDir(),
      (await json('jobs', '--account', service.account.id))
        .find(({ jobId }: { jobId: string }) => jobId.startsWith('file:'))
        .jobId.slice(5),
    )
    expect(existsSync(copy)).toBe(true)
    const download = join(dataDir(), 'downloads', 'left.zip')
    mkdirSync(join(dataDir(), 'downloads'))
    await carat('export', '--format', 'zip', '--out', download)

    expect(await json('delete', '--account', service.account.id, '--yes')).toMatchObject([{ deleted: true }])
    expect([filesWith(dataDir(), prompt), filesWith(dataDir(), service.account.id), existsSync(copy)]).toEqual([
      [],
      [],
      false,
    ])
    expect(existsSync(download)).toBe(false)
    expect(existsSync(join(folder.path, picture)), 'the user’s own file').toBe(true)
    expect((await json('accounts')).map(({ id }: { id: string }) => id)).toEqual(['my-history'])
    expect(await json('refunds')).toEqual(other.refunds)
    expect(await json('imports')).toEqual(other.imports)
    expect(await json('verify')).toMatchObject({ ok: true })
  })

  it('takes a database that a recovery moved aside, with its log, and answers the next command without it', async () => {
    const aside = join(dataDir(), 'carat.db.damaged-20260201T000000Z')
    cpSync(join(dataDir(), 'carat.db'), aside)
    writeFileSync(`${aside}-wal`, `${prompt} 3`)
    const [{ backups }] = await json('delete', '--account', service.account.id)
    expect(backups).toEqual(['carat-20260101T000000Z.db', 'carat.db.damaged-20260201T000000Z'])
    await json('delete', '--account', service.account.id, '--yes')
    expect(filesWith(dataDir(), prompt)).toEqual([])
    expect(await json('summary')).toMatchObject({ account: { id: 'my-history' } })
  })

  it('keeps the words of the other account findable', async () => {
    await json('delete', '--account', 'my-history', '--yes')
    expect(await json('search', '유리로')).toHaveLength(40)
    expect(await json('verify')).toMatchObject({ ok: true })
    expect(await json('summary')).toMatchObject({ account: { id: service.account.id }, cases: 42 })
  })

  it('keeps the backups if the user says so', async () => {
    await json('delete', '--all', '--keep-backups', '--yes')
    expect(filesWith(dataDir(), prompt)).toEqual([join(dataDir(), 'backups', 'carat-20260101T000000Z.db')])
    expect(await json('accounts')).toEqual([])
  })

  it('fails and names the file if a trace of the account is left, and completes at the next start', async () => {
    const left = join(dataDir(), 'left.txt')
    writeFileSync(left, `a note about ${prompt} 7, kept by another program`)
    const { code, err } = await carat('delete', '--all', '--yes')
    expect({ code, names: err.includes(left) }).toEqual({ code: 1, names: true })
    writeFileSync(left, '')
    expect(await json('accounts')).toEqual([])
    expect(readdirSync(dataDir())).not.toContain('deletion.json')
  })

  it('takes nothing for a trace that an account that stays has too, or as a part of a longer text', async () => {
    const { id } = service.account
    const twin = await createFakeService()
    Object.assign(twin.account, { id: `${id}2`, signInMethod: 'kakao' })
    for (const [number, text] of [`${prompt} 7`, `밤에, ${prompt} 8`, `${prompt} 9 위로`, 'x'.repeat(90)].entries()) {
      twin.addJob({ id: `twin-${number}`, prompt: text })
    }
    service.addJob({ id: 'long', prompt: `${'x'.repeat(80)} y` })
    await json('sync', '--api', service.url)
    process.env.CARAT_TOKEN = twin.token
    await json('sync', '--api', twin.url)
    // The embedded service may tell the same history as the service of an account.
    mkdirSync(join(dataDir(), 'sandbox'))
    writeFileSync(join(dataDir(), 'sandbox', 'history.json'), `${prompt} 11`)
    expect(await json('delete', '--account', id, '--yes')).toMatchObject([{ deleted: true }])
    expect(await json('jobs', '--account', twin.account.id)).toHaveLength(4)
    expect(filesWith(dataDir(), `${prompt} 10`)).toEqual([])
    await twin.close()
  })

  it('finds the rows of an account in every table that has any', async () => {
    const { reader, close } = openReader(dataDir())
    const counts = countAccountRows(reader, findAccount(reader, service.account.id).accountId)
    const filled = reader
      .prepare<[], string>(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'`)
      .pluck()
      .all()
      .filter((name) => !/^(sqlite_|job_search|projections|import_readings|account_view)/.test(name))
      .filter((name) => reader.prepare(`SELECT count(*) FROM ${name}`).pluck().get() !== 0)
    close()
    expect(Object.keys(counts).sort()).toEqual(filled.sort())
  })
})

it('completes after a kill at any moment', async () => {
  const random = seededRandom(1)
  const whole = join(folder.path, 'whole')
  cpSync(dataDir(), whole, { recursive: true })
  let interrupted = 0
  for (let run = 0; run < 4; run++) {
    cpSync(whole, dataDir(), { recursive: true, force: true })
    const child = execFile(process.execPath, ['src/cli/index.ts', 'delete', '--all', '--yes', '--data', dataDir()])
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)))
    while (!existsSync(join(dataDir(), 'deletion.json')) && child.exitCode === null) await new Promise(setImmediate)
    const wait = run === 0 ? 0 : random() * 60
    const from = performance.now()
    while (performance.now() - from < wait && child.exitCode === null) await new Promise(setImmediate)
    child.kill('SIGKILL')
    if ((await ended) === 'SIGKILL') interrupted += 1
    // The first command after the kill completes it, and no longer knows the account.
    expect(await carat('refunds', '--account', service.account.id)).toMatchObject({ code: 1, out: '' })
    expect(await json('accounts')).toEqual([])
    expect([filesWith(dataDir(), prompt), filesWith(dataDir(), service.account.id)]).toEqual([[], []])
  }
  expect(interrupted).toBeGreaterThan(0)
})
