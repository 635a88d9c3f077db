/** Archives for tests: a data folder with a bit of everything, and archives taken apart and put together again. */
import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { type Entry, fromBuffer, type ZipFile as OpenZip } from 'yauzl'
import { ZipFile } from 'yazl'
import type { Manifest } from '../../src/core/archive/format.ts'
import { readTables } from '../../src/core/import/read/read.ts'
import { importTable } from '../../src/core/import/table-import.ts'
import { keptFile, mediaName } from '../../src/core/media/folders.ts'
import { saveMarks } from '../../src/core/store/cases/marks.ts'
import { createSupportCase } from '../../src/core/store/cases/support.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { png } from './picture-bytes.ts'

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

/** The entries of an archive by their paths. */
export async function takeApart(path: string): Promise<Map<string, Buffer>> {
  const zip = await promisify<Buffer, object, OpenZip>(fromBuffer)(readFileSync(path), { lazyEntries: true })
  const found = new Map<string, Buffer>()
  const open = promisify<Entry, Readable>(zip.openReadStream.bind(zip) as never)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  zip.on('error', reject)
  zip.on('end', resolve)
  zip.on('entry', async (entry: Entry) => {
    found.set(entry.fileName, await buffer(await open(entry)))
    zip.readEntry()
  })
  zip.readEntry()
  await promise
  return found
}

/** Writes entries as a ZIP. A name may be there twice. */
export async function putTogether(path: string, entries: Iterable<readonly [string, Buffer]>): Promise<void> {
  const zip = new ZipFile()
  for (const [name, content] of entries) zip.addBuffer(content, name, { compress: name.endsWith('.json') })
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(path))
}

export const manifestOf = (entries: ReadonlyMap<string, Buffer>): Manifest =>
  JSON.parse((entries.get('manifest.json') as Buffer).toString())

/** Replaces the content of an entry, and its size and checksum in the manifest. */
export function replaceEntry(entries: Map<string, Buffer>, path: string, content: Buffer): void {
  entries.set(path, content)
  changeManifest(entries, (manifest) => {
    for (const entry of manifest.entries) {
      if (entry.path === path) Object.assign(entry, { size: content.length, sha256: sha256(content) })
    }
  })
}

export function changeManifest(entries: Map<string, Buffer>, change: (manifest: Manifest) => void): void {
  const manifest = manifestOf(entries)
  change(manifest)
  entries.set('manifest.json', Buffer.from(JSON.stringify(manifest)))
}

/** Gives an account marks, a message, an import with a refused row, and a kept original. Returns the path of the original. */
export async function addKnowledge(
  database: Writable,
  {
    dataDir,
    account,
    jobId,
    now,
  }: { dataDir: string; account: { accountId: number; id: string }; jobId: string; now: number },
): Promise<string> {
  const { accountId, id } = account
  const marks = { favorite: true, unwanted: false, note: '벚꽃 "메모"\n둘째 줄', dismissedAt: now }
  saveMarks(database, accountId, { caseId: 0, caseName: `job:agent-1:${jobId}` }, marks, now)
  createSupportCase(database, accountId, { cases: ['charge:x'], subject: '제목', text: '본문' }, now)
  const read = await readTables({
    bytes: Buffer.from(
      '일시,메모,수량\n2026-01-20 19:05,이미지 생성,-33\n2026-01-20 19:05,이미지 생성,-33\n2026-01-21,영상 생성,많이\n',
    ),
  })
  if (!read.ok) throw new Error(read.problem.code)
  importTable(
    database,
    { ...read.read, jobs: null, source: '사용 내역.csv' },
    { table: 0, reading: null, account: id },
    now,
  )
  database
    .prepare(
      `INSERT INTO kept_originals (account_id, agent, job_id, result_id, state, rank, bytes)
       VALUES (?, 'agent-1', ?, 'one', 'kept', 1, 9)`,
    )
    .run(accountId, jobId)
  const { sign_in_method: signInMethod } = database
    .prepare<[number], { sign_in_method: string }>('SELECT sign_in_method FROM accounts WHERE account_id = ?')
    .get(accountId) as { sign_in_method: string }
  const ref = { agent: 'agent-1', jobId, resultId: 'one', size: 'original' } as const
  const path = keptFile(dataDir, mediaName({ accountId: id, signInMethod }, ref))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, png())
  return path
}

export const archivePath = (folder: { path: string }, name: string): string => join(folder.path, `${name}.zip`)
