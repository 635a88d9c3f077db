/** Writes a ZIP entry by entry. The same entries give the same bytes at any time and in any time zone. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Write } from './whole-file.ts'

export interface WrittenEntry {
  path: string
  size: number
  sha256: string
}

export interface ZipWriter {
  /** Adds an entry and waits for its content to be read. Pictures and videos are packed already: `compress` is false. */
  add(path: string, content: AsyncIterable<Uint8Array | string>, compress: boolean): Promise<WrittenEntry>
  /** Writes the directory. */
  end(): Promise<void>
  /** Stops after a failure. */
  destroy(): void
}

/** The clock fields of an entry have no zone, so they are the same local time everywhere. */
const options = { mtime: new Date(2000, 0, 1), mode: 0o100600, forceDosTimestamp: true }

export function createZipWriter(write: Write): ZipWriter {
  const zip = new ZipFile()
  const failed = new Promise<never>((_, reject) => zip.on('error', reject))
  const written = (async () => {
    for await (const block of zip.outputStream) write(block as Buffer)
  })()
  // A failure between two entries is reported by the next call, and must not be an unhandled rejection.
  failed.catch(() => {})
  written.catch(() => {})
  /** Ends with the first failure of the archive, else with `work`. */
  const unlessFailed = <T>(work: Promise<T>): Promise<T> => Promise.race([work, failed, written.then(() => work)])

  return {
    async add(path, content, compress) {
      const hash = createHash('sha256')
      let size = 0
      const measured = async function* () {
        for await (const part of content) {
          const bytes = typeof part === 'string' ? Buffer.from(part) : part
          hash.update(bytes)
          size += bytes.length
          yield bytes
        }
      }
      const source = Readable.from(measured(), { objectMode: false })
      const ended = once(source, 'end')
      zip.addReadStream(source, path, { ...options, compress })
      try {
        await unlessFailed(ended)
      } finally {
        source.destroy()
      }
      return { path, size, sha256: hash.digest('hex') }
    },
    async end() {
      zip.end()
      await Promise.race([written, failed])
    },
    destroy() {
      ;(zip.outputStream as Readable).destroy()
    },
  }
}
