/** Reads one file of a folder: its hash, its type by content, and its metadata. */
import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { FolderFileProblem, FolderKind } from '../../../shared/folders.ts'
import { bestTime, type MadeTime, nameTime } from '../../domain/file-times.ts'
import { promptOf } from '../../domain/prompts.ts'
import { readAt } from '../../media/bytes.ts'
import { provenType } from '../../media/media-type.ts'
import { readBoxes } from './boxes.ts'
import { readPng } from './png.ts'
import { readRecording } from './recording.ts'
import { type PictureTags, readTags } from './tags.ts'
import { isWholeGif, isWholeJpeg, isWholeRiff } from './whole.ts'

/** A file to read: its absolute path, its size and time as the scan saw them, and the path for a copy, or null. */
export interface ReadRequest {
  path: string
  bytes: number
  modifiedAt: number
  copyTo: string | null
}

/** What was read of a file; times in epoch ms. */
export interface ReadContent {
  sha256: string
  kind: FolderKind
  mimeType: string
  madeAt: number
  evidence: MadeTime['evidence']
  model: string | null
  prompt: string | null
  width: number | null
  height: number | null
  durationMs: number | null
}

/** `no_space`: the copy could not be written; the scan stops there. */
export type ReadOutcome = { content: ReadContent } | { problem: FolderFileProblem | 'no_space' }

const mebibyte = 1024 * 1024
const readBytes = mebibyte
/** Results of Carat are far smaller. Kept originals have the same limit. */
const maxBytes = 4 * 1024 * mebibyte
/** The most bytes that are read of a picture whose metadata may be anywhere in it. */
const pictureLimit = 64 * mebibyte
/** The metadata of a JPEG is before its pixels. */
const jpegHead = 4 * mebibyte
const sampleSize = 4_100

/** Reads a file as the scan saw it. No file can be made after `now` (epoch ms). Never throws. */
export async function readFolderFile(request: ReadRequest, now: number): Promise<ReadOutcome> {
  if (request.bytes === 0) return { problem: 'empty' }
  if (request.bytes > maxBytes) return { problem: 'too_large' }
  // Refuses a link that replaced the file after the scan, and does not wait for the writer of a named pipe.
  const file = await open(request.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    problemOf,
  )
  if (typeof file === 'string') return { problem: file }
  try {
    return await readOpen(file, request, now)
  } catch (error) {
    return { problem: problemOf(error) }
  } finally {
    await file.close()
  }
}

function problemOf(error: unknown): FolderFileProblem | 'no_space' {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENAMETOOLONG') return 'path_too_long'
  if (code === 'ELOOP') return 'link_outside'
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'no_space' : 'unreadable'
}

async function readOpen(file: FileHandle, request: ReadRequest, now: number): Promise<ReadOutcome> {
  const { bytes: size } = request
  if (await hasChanged(file, request)) return { problem: 'changed_meanwhile' }
  const mimeType = await provenType(await readAt(file, 0, sampleSize))
  const kind = mimeType === null ? null : kindOf(mimeType)
  if (mimeType === null || kind === null) return { problem: 'not_media' }
  const details = await detailsOf(file, mimeType, size)
  if (!details.isWhole) return { problem: 'cut_off' }
  const sha256 = await hashOf(file, request)
  // A file that is still being written has no content yet.
  if (await hasChanged(file, request)) return { problem: 'changed_meanwhile' }
  const { madeAt, evidence } = bestTime([...details.times, nameTime(request.path)], request.modifiedAt, now)
  const { width, height, durationMs } = details
  return {
    content: { sha256, kind, mimeType, madeAt, evidence, ...promptOf(details.texts), width, height, durationMs },
  }
}

async function hasChanged(file: FileHandle, { bytes, modifiedAt }: ReadRequest): Promise<boolean> {
  const found = await file.stat()
  return !found.isFile() || found.size !== bytes || Math.floor(found.mtimeMs) !== modifiedAt
}

function kindOf(mimeType: string): FolderKind | null {
  if (mimeType === 'text/vtt' || mimeType === 'application/x-subrip') return 'subtitle'
  const [kind] = mimeType.split('/')
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : null
}

interface Details extends PictureTags {
  isWhole: boolean
  durationMs: number | null
}

const noTags = { width: null, height: null, texts: [], times: [] } satisfies PictureTags

async function detailsOf(file: FileHandle, mimeType: string, size: number): Promise<Details> {
  const tagged = (tags: PictureTags, isWhole: boolean): Details => ({ ...tags, isWhole, durationMs: null })
  const head = async (length: number) => readTags(await readAt(file, 0, Math.min(size, length)))
  switch (mimeType) {
    case 'image/png': {
      const { isWhole, description } = await readPng(file, size)
      return tagged(readTags(description), isWhole)
    }
    case 'image/jpeg':
      return tagged(await head(jpegHead), await isWholeJpeg(file, size))
    case 'image/gif':
      return tagged(await head(sampleSize), await isWholeGif(file, size))
    case 'image/webp':
      return tagged(size <= pictureLimit ? await head(size) : noTags, await isWholeRiff(file, size))
    case 'image/avif':
    case 'image/heic':
    case 'image/heif': {
      const { isWhole } = await readBoxes(file, size)
      return tagged(size <= pictureLimit ? await head(size) : noTags, isWhole)
    }
    case 'video/mp4':
    case 'video/quicktime':
    case 'audio/mp4': {
      const { isWhole, durationMs, made } = await readBoxes(file, size)
      return { ...(await readRecording(file, mimeType, size)), isWhole, durationMs, times: [made] }
    }
    default:
      if (!/^(audio|video)\//.test(mimeType)) return tagged(noTags, true)
      return { ...(await readRecording(file, mimeType, size)), isWhole: true, times: [] }
  }
}

/** The SHA-256 of a file in hexadecimal. Writes the copy at the same time. */
async function hashOf(file: FileHandle, { bytes, copyTo }: ReadRequest): Promise<string> {
  const hash = createHash('sha256')
  const copy = copyTo === null ? null : await open(copyTo, 'w', 0o600)
  try {
    await readThrough(file, bytes, hash, copy)
  } finally {
    await copy?.close()
  }
  return hash.digest('hex')
}

async function readThrough(file: FileHandle, bytes: number, hash: Hash, copy: FileHandle | null): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(readBytes, bytes))
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read({ buffer, position: at })
    if (bytesRead === 0) return
    const part = buffer.subarray(0, bytesRead)
    hash.update(part)
    await copy?.appendFile(part)
    at += bytesRead
  }
}
