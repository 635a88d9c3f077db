import { drawPicture } from './pictures.ts'
import { createRandom, hash } from './random.ts'
import type { StoredResult } from './state.ts'
import { stillVideo, videoSize } from './video.ts'

/** The longer side of a thumbnail in pixels. */
const thumbnailSize = 480
const sampleRate = 8_000

type Source = Pick<StoredResult, 'id' | 'scene' | 'mimeType' | 'width' | 'height' | 'durationMs'>

/** The bytes of a result; equal ids have equal bytes. */
export function renderOriginal(result: Source): Buffer {
  const { id, scene, mimeType, width, height, durationMs } = result
  if (mimeType === 'video/mp4') {
    return stillVideo(drawPicture(scene, hash(id), videoSize.width, videoSize.height), durationMs ?? 0)
  }
  if (mimeType === 'audio/wav') return renderSound(hash(id), durationMs ?? 0)
  if (mimeType === 'text/vtt') return Buffer.from('WEBVTT\n\n00:00:00.000 --> 00:00:04.000\nCarat Companion\n')
  return drawPicture(scene, hash(id), width ?? thumbnailSize, height ?? thumbnailSize).png()
}

/** The PNG of a picture or the thumbnail of a video. */
export function renderThumbnail({ id, scene, width, height }: Source): Buffer {
  const scale = thumbnailSize / Math.max(width ?? 1, height ?? 1)
  return drawPicture(scene, hash(id), Math.round((width ?? 1) * scale), Math.round((height ?? 1) * scale)).png()
}

/** A soft chord that swells and fades: WAV, 8 bit, mono. */
function renderSound(seed: number, durationMs: number): Buffer {
  const random = createRandom(seed)
  const root = 130 * 2 ** (random.between(0, 11) / 12)
  const first = (root * 2 * Math.PI) / sampleRate
  const [second, third] = [first * 1.25, first * 1.5]
  const length = Math.round((durationMs / 1_000) * sampleRate)
  const file = Buffer.alloc(44 + length)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(36 + length, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(sampleRate, 24)
  file.writeUInt32LE(sampleRate, 28)
  file.writeUInt16LE(1, 32)
  file.writeUInt16LE(8, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(length, 40)
  for (let at = 0; at < length; at += 1) {
    const swell = Math.min(at, length - at) / length
    file[44 + at] = 128 + 60 * swell * (Math.sin(first * at) + Math.sin(second * at) + Math.sin(third * at))
  }
  return file
}
