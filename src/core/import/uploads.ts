/** The source that the page sends in parts, kept in memory until another one comes. */
import { AppError } from '../../shared/errors.ts'
import type { ImportEncoding } from '../../shared/imports.ts'
import { limits } from './read/problems.ts'
import type { SourceAnswer } from './read-source.ts'
import { readInWorker } from './table-reader.ts'

/** One byte more than a source may have: the reader then refuses it with its own sentence. */
const keptBytes = limits.bytes + 1

export interface Uploads {
  /** Adds a part. The first part of another upload replaces the source before. */
  receive(upload: string, part: Buffer): void
  /** Reads the source in a thread of its own. Throws `not_found` if another source replaced it. */
  read(upload: string, encoding: ImportEncoding | null): Promise<SourceAnswer>
  /** Frees the memory of a source that was imported. */
  forget(upload: string): void
}

export function createUploads(): Uploads {
  let current: { upload: string; parts: Buffer[]; bytes: number; replaced: AbortController } | null = null
  /** The last source that was read: a user looks at one table several times. */
  let last: { encoding: ImportEncoding | null; answer: Promise<SourceAnswer> } | null = null

  return {
    receive(upload, part) {
      if (current?.upload !== upload) {
        current?.replaced.abort(new AppError('not_found', { id: current.upload }))
        current = { upload, parts: [], bytes: 0, replaced: new AbortController() }
        last = null
      }
      const kept = part.subarray(0, Math.max(0, keptBytes - current.bytes))
      current.parts.push(kept)
      current.bytes += kept.length
    },
    read(upload, encoding) {
      if (current?.upload !== upload) throw new AppError('not_found', { id: upload })
      if (last?.encoding !== encoding) {
        const bytes = Buffer.concat(current.parts)
        const { signal } = current.replaced
        last = { encoding, answer: readInWorker({ bytes, ...(encoding && { encoding }) }, { signal }) }
      }
      return last.answer
    },
    forget(upload) {
      if (current?.upload === upload) [current, last] = [null, null]
    },
  }
}
