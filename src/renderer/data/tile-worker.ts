/** Makes tile pictures in a worker, so that decoding never blocks the drawing of the page. */
import type { TileAnswer, TileOrder } from './tile-maker.ts'

const quality = 0.82
/** One for all pictures: the memory of a canvas is free only after the next garbage collection. */
const canvas = new OffscreenCanvas(1, 1)
const context = canvas.getContext('bitmaprenderer')

self.onmessage = async ({ data }: MessageEvent<TileOrder>) => {
  const picture = await tileOf(data).catch(() => null)
  self.postMessage({ id: data.id, picture } satisfies TileAnswer)
}

/** The picture as WebP in its new size; null if it is animated. Rejects if it cannot be read. */
async function tileOf({ url, width, height }: TileOrder): Promise<Blob | null> {
  const response = await fetch(url)
  if (!response.ok) return null
  const picture = await response.blob()
  if (await moves(picture)) return null
  const bitmap = await createImageBitmap(picture, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' })
  canvas.width = width
  canvas.height = height
  context?.transferFromImageBitmap(bitmap)
  const tile = await canvas.convertToBlob({ type: 'image/webp', quality })
  // A browser that writes no WebP answers with PNG.
  return tile.type === 'image/webp' ? tile : null
}

/** Whether a picture is animated, or may be. A tile picture would not move. */
async function moves(picture: Blob): Promise<boolean> {
  const { type } = picture
  if (!/^image\/(gif|png|webp|avif)$/.test(type)) return false
  if (!('ImageDecoder' in self)) return true
  const decoder = new ImageDecoder({ data: await picture.arrayBuffer(), type })
  try {
    await decoder.tracks.ready
    return decoder.tracks.selectedTrack?.animated !== false
  } finally {
    decoder.close()
  }
}
