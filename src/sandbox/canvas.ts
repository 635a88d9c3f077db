import { crc32, deflateSync } from 'node:zlib'

export type Color = readonly [red: number, green: number, blue: number]
/** A value from 0 to 1 for a point; `x` runs from 0 to the aspect ratio and `y` from 0 (top) to 1. */
export type Field = (x: number, y: number) => number
/** The coverage of a shape at each point, and the bounds outside which it is zero. */
export interface Shape {
  covers: Field
  left: number
  top: number
  right: number
  bottom: number
}

/** A small RGB picture on which shapes with soft edges are painted. */
export function createCanvas(width: number, height: number) {
  const pixels = new Float32Array(width * height * 3)
  const pixel = (position: number, limit: number) => Math.round(Math.min(limit, Math.max(0, position * height)))

  return {
    aspect: width / height,
    /** The width of one pixel: edges are softened over this distance. */
    edge: 1 / height,
    /** Paints a shape in a colour between `from` and `to`, chosen by `shade`. */
    paint(
      { covers, left, top, right, bottom }: Shape,
      from: Color,
      to: Color = from,
      shade: Field = (_, y) => y,
    ): void {
      const [firstRow, lastRow] = [pixel(top, height), pixel(bottom, height)]
      const [firstColumn, lastColumn] = [pixel(left, width), pixel(right, width)]
      for (let row = firstRow; row < lastRow; row += 1) {
        const y = (row + 0.5) / height
        for (let column = firstColumn; column < lastColumn; column += 1) {
          const x = (column + 0.5) / height
          const alpha = covers(x, y)
          if (alpha === 0) continue
          const mix = clamp(shade(x, y))
          for (let channel = 0, at = (row * width + column) * 3; channel < 3; channel += 1, at += 1) {
            const start = from[channel] as number
            const color = start + ((to[channel] as number) - start) * mix
            const old = pixels[at] as number
            pixels[at] = old + (color - old) * alpha
          }
        }
      }
    },
    png: () => encodePng(pixels, width, height),
    /** One frame in the planes of video (YCbCr 4:2:0, BT.601 studio range). Width and height must be even. */
    yuv: () => encodeYuv(pixels, width, height),
  }
}

export type Canvas = ReturnType<typeof createCanvas>

export const clamp = (value: number) => Math.min(1, Math.max(0, value))

export const box = (left: number, top: number, right: number, bottom: number, covers: Field = () => 1): Shape => ({
  covers,
  left,
  top,
  right,
  bottom,
})

/** Edges are softened over `edge`. */
export function ellipse(x: number, y: number, radiusX: number, radiusY: number, edge: number): Shape {
  const narrow = Math.min(radiusX, radiusY)
  return box(x - radiusX - edge, y - radiusY - edge, x + radiusX + edge, y + radiusY + edge, (u, v) =>
    clamp(((1 - Math.hypot((u - x) / radiusX, (v - y) / radiusY)) * narrow) / edge + 0.5),
  )
}

export const disc = (x: number, y: number, radius: number, edge: number) => ellipse(x, y, radius, radius, edge)

/** Fades from `strength` at the centre to 0 at the radius. */
export const glow = (x: number, y: number, radius: number, strength: number): Shape =>
  box(x - radius, y - radius, x + radius, y + radius, (u, v) => {
    const near = clamp(1 - Math.hypot(u - x, v - y) / radius)
    return strength * near * near
  })

function encodePng(pixels: Float32Array, width: number, height: number): Buffer {
  const stride = width * 3
  const rows = Buffer.alloc(height * (stride + 1))
  const value = (row: number, at: number) => (row < 0 ? 0 : Math.round(pixels[row * stride + at] as number))
  for (let row = 0; row < height; row += 1) {
    const start = row * (stride + 1)
    // Filter 2 stores differences to the row above, which are mostly 0 in soft vertical gradients.
    rows[start] = 2
    for (let at = 0; at < stride; at += 1) rows[start + 1 + at] = (value(row, at) - value(row - 1, at)) & 0xff
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

function encodeYuv(pixels: Float32Array, width: number, height: number) {
  const luma = new Uint8Array(width * height)
  const blue = new Uint8Array((width * height) / 4)
  const red = new Uint8Array((width * height) / 4)
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column
      const [r, g, b] = pixels.subarray(at * 3, at * 3 + 3) as unknown as Color
      luma[at] = 16 + 0.257 * r + 0.504 * g + 0.098 * b
      if (row % 2 || column % 2) continue
      const chroma = (row / 2) * (width / 2) + column / 2
      blue[chroma] = 128 - 0.148 * r - 0.291 * g + 0.439 * b
      red[chroma] = 128 + 0.439 * r - 0.368 * g - 0.071 * b
    }
  }
  return { luma, blue, red }
}
