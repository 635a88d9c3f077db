/** Files of folders as the store takes them. */
import { createHash } from 'node:crypto'
import type { FileToSave } from '../../src/core/folders/batches.ts'
import type { FileContent } from '../../src/core/store/imports/folders.ts'
import { midnight } from './records.ts'

type Parts = Partial<Omit<FileToSave, 'content'>> & { content?: Partial<FileContent> }

/** A picture with this path; its content depends on the path unless it states another hash. */
export function makeFile(path: string, { content, ...partial }: Parts = {}): FileToSave {
  return {
    path,
    bytes: 1_000,
    modifiedAt: midnight,
    problem: null,
    replaces: null,
    content: {
      sha256: createHash('sha256').update(path).digest('hex'),
      kind: 'image',
      mimeType: 'image/png',
      madeAt: midnight,
      evidence: 'saved',
      model: null,
      prompt: null,
      width: null,
      height: null,
      durationMs: null,
      ...content,
    },
    ...partial,
  }
}

/** Subtitles with this path. */
export const makeSubtitles = (path: string): FileToSave =>
  makeFile(path, { content: { kind: 'subtitle', mimeType: 'application/x-subrip' } })

/** A recording with this path. */
export const makeVideo = (path: string): FileToSave =>
  makeFile(path, { content: { kind: 'video', mimeType: 'video/mp4', durationMs: 5_000 } })
