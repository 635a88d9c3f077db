import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parseCsv } from 'hucre/csv'
import { readXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { exportArchive } from '../../src/core/archive/write-archive.ts'
import { exportTo } from '../../src/core/export/export.ts'
import { type SheetCell, writeWorkbook } from '../../src/core/export/xlsx.ts'
import { label } from '../../src/core/host/messages.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { openStore } from '../../src/core/store/store.ts'
import { type ExportFormat, exportFormats } from '../../src/shared/values.ts'
import { temporaryFolder } from '../support/core.ts'
import { agent1, applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight, minute } from '../support/records.ts'

/** The next call of a function of `node:fs` for an export fails with this code. The database is opened as ever. */
const faults = vi.hoisted(() => new Map<string, string>())
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  const failing = <F extends (...args: never[]) => unknown>(name: string, call: F) =>
    ((...args: Parameters<F>) => {
      const code = String(args[0]).endsWith('carat.db') ? undefined : faults.get(name)
      if (code) faults.delete(name)
      if (code) throw Object.assign(new Error(code), { code })
      return call(...args)
    }) as F
  return {
    ...real,
    openSync: failing('openSync', real.openSync),
    appendFileSync: failing('appendFileSync', real.appendFileSync),
  }
})
/** A rename fails at every try, and the waits between the tries take no time. */
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const rename: typeof real.rename = async (...paths) => {
    const code = faults.get('rename')
    if (code) throw Object.assign(new Error(code), { code })
    await real.rename(...paths)
  }
  return { ...real, rename }
})
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: async () => {},
}))

const memo = `${'벚꽃 길\n'.repeat(8_000)}끝`
const prompt = `${'가'.repeat(31_999)}🌸${'나'.repeat(40_000)}`
const jobCount = 1_100
const folder = temporaryFolder()
const dataDir = join(folder.path, 'data')
beforeAll(() => {
  const store = openStore(dataDir)
  const { accountId } = saveAccount(store.writer, makeAccount(), midnight)
  const jobs = Array.from({ length: jobCount }, (_, index) =>
    makeJob({ id: `job-${index}`, prompt: index === 0 ? prompt : '', createdAt: midnight + index * minute }),
  )
  const rows = [makeTransaction({ id: '007', memo, jobId: 'job-0' }), makeTransaction({ id: 't-2', memo: null })]
  applyListingPage(store.writer, accountId, agent1, listingPage<{ id: string }>(jobs), midnight)
  applyListingPage(store.writer, accountId, credits, listingPage<{ id: string }>(rows), midnight)
  store.close()
})
afterAll(folder.remove)

let out: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  out = temporaryFolder()
  faults.clear()
  return out.remove
})
const path = () => join(out.path, 'export')
const text: Parameters<typeof exportTo>[1]['text'] = (name) => label(`export.${name}`, 'en')
const exportAs = (format: ExportFormat, from: string, to: string) =>
  format === 'zip' ? exportArchive({ dataDir: from, path: to }) : exportTo(from, { format, path: to, text })

describe('a text that is too long for a cell', () => {
  it('goes on in further columns of the workbook, and nothing of it is lost', async () => {
    await exportTo(dataDir, { format: 'xlsx', path: path(), text })
    const { sheets } = await readXlsx(readFileSync(path()))
    const pieces = (name: string, heading: string) => {
      const rows = sheets.find((sheet) => sheet.name === name)?.rows ?? []
      const columns = (rows[0] ?? []).flatMap((cell, index) => (String(cell).startsWith(heading) ? [index] : []))
      return rows.map((row) => columns.map((column) => row[column] ?? ''))
    }
    expect(pieces('Credit history', 'Memo')[0]).toEqual(['Memo', 'Memo · continued 2'])
    expect(pieces('Credit history', 'Memo').map((row) => row.join(''))).toContain(memo)
    const prompts = pieces('Jobs', 'Prompt').at(-1) as string[]
    expect(prompts.map((piece) => piece.length)).toEqual([31_999, 32_000, 8_002])
    expect(prompts.join('')).toBe(prompt)
  })

  it('goes on in further columns of the CSV, so that no cell is above the limit of Excel', async () => {
    await exportTo(dataDir, { format: 'csv', path: path(), text })
    const [headings = [], ...rows] = parseCsv(readFileSync(path(), 'utf8'), { delimiter: ',' })
    const at = (heading: string, row = rows.find(([id]) => id === "'007") ?? []) => row[headings.indexOf(heading)]
    expect(`${at('memo')}${at('memo2')}`).toBe(memo)
    expect([at('jobId'), headings.includes('memo3')]).toEqual(['job-0', false])
    expect(rows.flat().every((cell) => String(cell).length <= 32_767)).toBe(true)
  })
})

describe('a sheet', () => {
  it('goes on in another sheet with the same heading once it is full', async () => {
    const chunks: Uint8Array[] = []
    const pages = async function* () {
      yield [['row 1'], ['row 2'], ['row 3']]
      yield [['row 4'], ['row 5']]
    }
    const columns = [{ heading: 'ID', width: 10, format: 'text' as const }]
    await writeWorkbook([{ name: 'Jobs', columns, pages: pages() }], (bytes) => chunks.push(bytes as Uint8Array), 3)
    const { sheets } = await readXlsx(Buffer.concat(chunks))
    expect(sheets.map((sheet) => [sheet.name, ...sheet.rows.flat()])).toEqual([
      ['Jobs', 'ID', 'row 1', 'row 2'],
      ['Jobs (2)', 'ID', 'row 3', 'row 4'],
      ['Jobs (3)', 'ID', 'row 5'],
    ])
    expect(sheets.map((sheet) => sheet.freezePane)).toEqual([{ rows: 1 }, { rows: 1 }, { rows: 1 }])
  })

  it('holds every value exactly in every column, whatever pages are empty', async () => {
    const values: SheetCell[] = ['=1+1', '', ' <b> & "c" ', '_x0041_', 'a\u0001b\r', 2 ** 53 - 1, -0.5, true, false]
    const row = [...values, new Date('2026-01-28T14:21:33Z'), ...Array<null>(18).fill(null), 'AC']
    const pages = async function* () {
      yield []
      yield [row]
      yield []
      yield [row]
    }
    const columns = row.map((cell, index) => ({
      heading: `${index}`,
      width: 10,
      ...(cell instanceof Date && { format: 'time' as const }),
    }))
    const chunks: Uint8Array[] = []
    await writeWorkbook([{ name: '"1" & <2>', columns, pages: pages() }], (bytes) => chunks.push(bytes as Uint8Array))
    const { sheets } = await readXlsx(Buffer.concat(chunks))
    expect(sheets.map(({ name, rows }) => [name, ...rows.slice(1)])).toEqual([['"1" & <2>', row, row]])
  })

  it('ends with the error of its rows', async () => {
    const pages = async function* () {
      yield [['row']]
      throw new Error('no more')
    }
    const sheet = { name: 'Jobs', columns: [{ heading: 'ID', width: 10 }], pages: pages() }
    await expect(writeWorkbook([sheet], () => {})).rejects.toThrow('no more')
  })
})

describe.each(exportFormats)('a file in the format %s', (format) => {
  it.each([
    ['openSync', 'EACCES', 'file_not_permitted'],
    ['openSync', 'EROFS', 'file_not_permitted'],
    ['openSync', 'ENOENT', 'cannot_write_file'],
    ['appendFileSync', 'ENOSPC', 'disk_full'],
    ['appendFileSync', 'EIO', 'disk_failed'],
    ['rename', 'EBUSY', 'file_in_use'],
    ['rename', 'EPERM', 'file_in_use'],
    ['rename', 'EISDIR', 'cannot_write_file'],
  ])('stays as it was if %s fails with %s, which the user learns as %s', async (call, code, expected) => {
    writeFileSync(path(), 'the old file')
    faults.set(call, code)
    await expect(exportAs(format, dataDir, path())).rejects.toMatchObject({
      code: expected,
      params: { path: path() },
    })
    expect(readdirSync(out.path)).toEqual(['export'])
    expect(readFileSync(path(), 'utf8')).toBe('the old file')
  })
})

it('reports its progress, and leaves no file once it is cancelled', async () => {
  const progress: number[] = []
  const options = {
    format: 'json',
    path: path(),
    text,
    onProgress: (records: number) => progress.push(records),
  } as const
  await exportTo(dataDir, options)
  expect(progress.length).toBeGreaterThan(1)
  expect(progress.map((records) => Math.floor(records / 1_000))).toEqual(progress.map((_, index) => index))
  const abort = new AbortController()
  const cancelled = exportTo(dataDir, { ...options, path: `${path()}-2`, signal: abort.signal })
  await nextTurn()
  abort.abort()
  await expect(cancelled).rejects.toBe(abort.signal.reason)
  expect([existsSync(`${path()}-2`), readdirSync(out.path)]).toEqual([false, ['export']])
})

it('holds headings only before the first sync', async () => {
  const empty = join(folder.path, 'empty')
  openStore(empty).close()
  for (const format of exportFormats) {
    expect(await exportAs(format, empty, `${path()}.${format}`)).toBe(0)
  }
  expect(readFileSync(`${path()}.csv`, 'utf8')).toMatch(/^\uFEFFtransactionId,kind,[\w,]+\r\n$/)
  expect(JSON.parse(readFileSync(`${path()}.json`, 'utf8')).credits).toEqual([])
  const { sheets } = await readXlsx(readFileSync(`${path()}.xlsx`))
  expect(sheets.map((sheet) => sheet.rows.length)).toEqual([1, 1, 1, 1, 1])
})
