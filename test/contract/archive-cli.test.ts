import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { manifestOf, putTogether, takeApart } from '../support/archives.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { png } from '../support/picture-bytes.ts'

/** The sample account with an imported table in an account of its own, and a folder of results that was copied. */
let sample: ReturnType<typeof temporaryFolder>
let folder: ReturnType<typeof temporaryFolder>
const data = (name: string) => ['--data', join(name === 'sample' ? sample.path : folder.path, name)]
const zip = (name: string) => join(name === 'sample' ? sample.path : folder.path, `${name}.zip`)
const carat = async (...args: string[]) => {
  const finished = await runCliHere(args)
  return { ...finished, json: () => JSON.parse(finished.out) }
}
const exportAll = (name: string, ...args: string[]) =>
  carat('export', '--format', 'zip', '--out', zip(name), ...data(name), ...args)

beforeAll(async () => {
  vi.stubEnv('CARAT_NOW', '2026-02-10T03:00:00Z')
  sample = temporaryFolder()
  const table = join(sample.path, '내역.csv')
  writeFileSync(
    table,
    '일시,메모,수량\n2026-01-20 19:05,이미지 생성,-33\n2026-01-21 08:00,지급,100\n2026-01-22,영상,많이\n',
  )
  const pictures = join(sample.path, 'pictures')
  mkdirSync(pictures)
  for (const number of [3, 4, 5]) {
    writeFileSync(join(pictures, `${number}.png`), png(number))
    utimesSync(join(pictures, `${number}.png`), 1_769_000_000, 1_769_000_000)
  }
  for (const args of [
    ['import', table, '--yes'],
    ['import-folder', pictures, '--agent', 'agent-1', '--copy', '--yes'],
    ['sync'],
    ['export', '--format', 'zip', '--out', zip('sample')],
  ]) {
    const { code, err } = await carat(...args, ...data('sample'))
    if (code !== 0) throw new Error(err)
  }
})
afterAll(() => {
  vi.unstubAllEnvs()
  sample.remove()
})
beforeEach(() => {
  vi.stubEnv('CARAT_NOW', '2026-02-10T03:00:00Z')
  folder = temporaryFolder()
})
afterEach(() => folder.remove())

describe('an archive of the sample account and of an imported one', () => {
  it('has both accounts, every entry with its size and checksum, and the copied file', async () => {
    const entries = await takeApart(zip('sample'))
    const manifest = manifestOf(entries)
    expect(manifest.accounts.map(({ signInMethod }) => signInMethod)).toEqual(['imported', expect.any(String)])
    expect(manifest.entries.map(({ path }) => path).sort()).toEqual(
      [...entries.keys()].filter((path) => path !== 'manifest.json').sort(),
    )
    const copies = [...entries].filter(([path]) => path.includes('/copies/'))
    expect(copies.map(([, content]) => [3, 4, 5].some((number) => content.equals(png(number))))).toEqual([
      true,
      true,
      true,
    ])
  })

  it('comes back with everything by import, and gives the same bytes again', async () => {
    const preview = await carat('import', zip('sample'), '--json', ...data('new'))
    expect(existsSync(join(folder.path, 'new'))).toBe(false)
    const imported = await carat('import', zip('sample'), '--yes', '--json', ...data('new'))
    expect([imported.code, imported.err]).toEqual([0, ''])
    expect(imported.json()).toEqual(preview.json())
    expect(imported.json()).toMatchObject({ batch: null, recognised: 0, refused: [] })
    await exportAll('new')
    expect(readFileSync(zip('new')).equals(readFileSync(zip('sample')))).toBe(true)
    const own = ['--account', 'my-history']
    for (const args of [['jobs'], ['credits'], ['refunds'], ['summary'], ['imports'], ['jobs', ...own]])
      expect((await carat(...args, '--json', ...data('new'))).out).toBe(
        (await carat(...args, '--json', ...data('sample'))).out,
      )
    expect((await carat('verify', ...data('new'))).code).toBe(0)
  })

  it('goes on at the next sync, which doubles nothing', async () => {
    await carat('import', zip('sample'), '--yes', ...data('new'))
    const before = (await carat('accounts', '--json', ...data('new'))).json()
    expect((await carat('sync', ...data('new'))).code).toBe(0)
    const after = (await carat('accounts', '--json', ...data('new'))).json()
    const counts = (accounts: { id: string; jobs: number; transactions: number }[]) =>
      accounts.map(({ id, jobs, transactions }) => [id, jobs, transactions]).sort()
    expect(counts(after)).toEqual(counts(before))
  })

  it('has one account with --account, and refuses to import another one', async () => {
    const accounts: { id: string }[] = (await carat('accounts', '--json', ...data('sample'))).json()
    const id = accounts.find((account) => account.id !== 'my-history')?.id as string
    const path = join(folder.path, 'one.zip')
    await carat('export', '--format', 'zip', '--out', path, '--account', id, ...data('sample'))
    expect(manifestOf(await takeApart(path)).accounts.map((account) => account.id)).toEqual([id])
    const refused = await carat('import', path, '--account', 'my-history', '--yes', ...data('new'))
    expect([refused.code, refused.out]).toEqual([1, ''])
    expect(refused.err).toBe(
      `${path} is not an archive of the account “my-history” alone. It has: ${id}. Nothing was imported. Leave out --account to import what it has.\n`,
    )
  })

  it('says in words what it has, and what an account that is there already gets', async () => {
    const { out } = await carat('import', zip('sample'), ...data('sample'))
    expect(out).toMatch(/is in this data folder already: only marks 0, messages 0 and match decisions come back\.\n/)
    expect(out).toMatch(/Nothing is imported yet\. Add --yes to import\.\n$/)
    const { out: fresh } = await carat('import', zip('sample'), ...data('new'))
    expect(fresh).toMatch(/jobs \d+, transactions \d+, imports 2, marks 0, messages 0, files 3\n/)
  })
})

it('says what an export in another format does not bring back', async () => {
  const accounts: { id: string }[] = (await carat('accounts', '--json', ...data('sample'))).json()
  const account = accounts.find(({ id }) => id !== 'my-history')?.id as string
  const preview = async (format: string) => {
    const file = join(folder.path, `export.${format}`)
    await carat('export', '--format', format, '--out', file, '--account', account, ...data('sample'))
    return (await carat('import', file, ...data('new'))).out
  }
  expect(await preview('json')).toContain('Marks and messages do not: an archive (ZIP) brings them back.\n')
  expect(await preview('xlsx')).toContain('Only the credit history of this export is imported.')
  expect(await preview('csv')).not.toMatch(/archive \(ZIP\)/)
})

it('names what is wrong with a damaged archive, and leaves the folder as it was', async () => {
  const entries = await takeApart(zip('sample'))
  entries.set('accounts/1/marks.json', Buffer.from('[\n]\n '))
  await putTogether(zip('broken'), entries)
  const { code, err, out } = await carat('import', zip('broken'), '--yes', ...data('new'))
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(/^“accounts\/1\/marks\.json” in .* is not what the archive says it is/)
  expect(existsSync(join(folder.path, 'new'))).toBe(false)
  expect((await carat('accounts', '--json', ...data('new'))).json()).toEqual([])
})
