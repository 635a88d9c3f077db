/** Reads the duration, the size of the picture and the tags of sounds and videos. */
import type { FileHandle } from 'node:fs/promises'
import { type IAudioMetadata, parseBlob } from 'music-metadata'
import { readAt } from '../../media/bytes.ts'
import { repairedText } from './text.ts'

export interface RecordingTags {
  durationMs: number | null
  width: number | null
  height: number | null
  texts: [keyword: string, text: string][]
}

const none: RecordingTags = { durationMs: null, width: null, height: null, texts: [] }
/** In bytes. The duration of larger sounds is not counted if they do not state it. */
const countedBytes = 64 * 1024 * 1024
const longestText = 1024 * 1024

/** Reads the tags of a sound or video of `size` bytes. Damaged metadata is no metadata. */
export async function readRecording(file: FileHandle, mimeType: string, size: number): Promise<RecordingTags> {
  try {
    const options = { duration: size <= countedBytes, skipCovers: true, mkvUseIndex: true }
    return tagsOf(await parseBlob(asBlob(file, mimeType, size), options))
  } catch {
    return none
  }
}

/** The open file as the part of a Blob that the library uses. */
const asBlob = (file: FileHandle, type: string, size: number): Blob =>
  ({
    size,
    type,
    slice: (from: number, to: number) => ({
      async arrayBuffer() {
        const { buffer, byteOffset, length } = await readAt(file, from, to - from)
        return buffer.slice(byteOffset, byteOffset + length)
      },
    }),
  }) as unknown as Blob

function tagsOf({ format, common }: IAudioMetadata): RecordingTags {
  const { duration = 0 } = format
  const picture = format.trackInfo.find(({ video }) => video)?.video
  const isKnown = Number.isFinite(duration) && duration > 0 && duration < Number.MAX_SAFE_INTEGER / 1_000
  return {
    durationMs: isKnown ? Math.round(duration * 1_000) : null,
    width: picture?.pixelWidth ?? null,
    height: picture?.pixelHeight ?? null,
    texts: [
      ...(common.comment ?? []).map(({ text = '' }) => textOf('comment', text)),
      ...(common.description ?? []).map((text) => textOf('description', text)),
      ['title', repairedText((common.title ?? '').slice(0, longestText))],
    ],
  }
}

/** Tools write prompts as JSON or as lines of parameters. Other comments of a recording name a program or an address. */
function textOf(keyword: string, text: string): [string, string] {
  const shown = repairedText(text.slice(0, longestText))
  const isPrompt = /^\s*[[{]/.test(text) || /^(Negative prompt:|Steps: \d)/m.test(text)
  return [isPrompt ? 'parameters' : `other ${keyword}`, shown]
}
