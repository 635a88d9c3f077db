/** Subtitles beside a recording: `clip.srt` and `clip.ko.srt` belong to `clip.mp4` of the same folder. */
import type { Readable } from '../store/handles.ts'
import { filesNamedLike, type NamedFile } from '../store/imports/folders.ts'

/** Subtitles that now belong to another file, and the contents whose jobs change. */
export interface CompanionChange {
  fileId: number
  beside: number | null
  contents: string[]
}

/** The changes that follow from files that were just stored, by their paths. */
export function companionChanges(database: Readable, batchId: number, paths: readonly string[]): CompanionChange[] {
  const stems = new Set(paths.map(shortestStem))
  return [...stems].flatMap((stem) => changesAmong(filesNamedLike(database, batchId, stem)))
}

function changesAmong(files: readonly NamedFile[]): CompanionChange[] {
  const recordings = files.filter(({ kind }) => kind === 'video' || kind === 'audio')
  const byId = new Map(files.map((file) => [file.fileId, file]))
  return files.flatMap((file): CompanionChange[] => {
    if (file.kind !== 'subtitle') return []
    const names = [stemOf(file.path), stemOf(stemOf(file.path))]
    const owner = recordings.find(({ path }) => names.includes(stemOf(path))) ?? null
    if ((owner?.fileId ?? null) === file.beside) return []
    const before = file.beside === null ? undefined : byId.get(file.beside)
    const contents = [file, owner, before].flatMap((changed) => changed?.sha256 ?? [])
    return [{ fileId: file.fileId, beside: owner?.fileId ?? null, contents }]
  })
}

/** A path without its last extension, compared as NFC: a Mac and a phone may spell one name differently. */
const stemOf = (path: string): string => path.normalize().replace(/\.[^./]*$/, '')

/** A path up to the first dot of its name, as it is spelled. */
const shortestStem = (path: string): string => path.replace(/(?<=[^/])\.[^/]*$/, '')
