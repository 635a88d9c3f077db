/**
 * Scrolling through a list that is higher than a browser's largest element: a canvas of limited height scrolls, and
 * rows are drawn at their position in the list minus a shift, which is corrected before its drift shows.
 */

/**
 * The most device pixels of a canvas. Chromium holds heights up to 2^25 of them, but scroll offsets in
 * single precision: above 2^22 they no longer tell quarters of a pixel apart, and small moves are lost.
 */
const maxDevicePixels = 2 ** 22

/** Within this distance of both ends, in pixels, list and canvas move together without drift. */
const straight = 40_000

/** The heights of a list and of its canvas, in pixels. */
export interface ScrollScale {
  list: number
  canvas: number
}

export const scaleOf = (list: number, devicePixelRatio: number): ScrollScale => ({
  list,
  canvas: Math.min(list, Math.floor(maxDevicePixels / devicePixelRatio)),
})

/** Maps a position of the list to the canvas, in pixels from the top. Monotonic, and exact at both ends. */
export function toCanvas({ list, canvas }: ScrollScale, top: number): number {
  if (list === canvas || top <= straight) return top
  if (top >= list - straight) return top - (list - canvas)
  return straight + (top - straight) * ((canvas - 2 * straight) / (list - 2 * straight))
}

/** Maps a position of the canvas to the list: the inverse of `toCanvas`. */
export function toList({ list, canvas }: ScrollScale, top: number): number {
  if (list === canvas || top <= straight) return top
  if (top >= canvas - straight) return top + (list - canvas)
  return straight + (top - straight) * ((list - 2 * straight) / (canvas - 2 * straight))
}

/** The scroll offset of the canvas, and how much further down the list is than the canvas. */
export interface Scrolled {
  canvas: number
  shift: number
}

/** The position that the scroll bar represents, without drift. */
export const barAt = (scale: ScrollScale, canvas: number): Scrolled => ({
  canvas,
  shift: toList(scale, canvas) - canvas,
})

/**
 * The position after a scroll to `canvas`. Up to `mostSteady` pixels keep the shift; a longer jump follows the scroll
 * bar.
 */
export function scrolled(scale: ScrollScale, from: Scrolled, canvas: number, mostSteady: number): Scrolled {
  const isJump = Math.abs(canvas - from.canvas) > mostSteady
  return isJump ? barAt(scale, canvas) : { canvas, shift: from.shift }
}

/** True when the drift must be corrected now, or canvas and list would reach their ends at different times. */
export function hasDrifted(scale: ScrollScale, { canvas, shift }: Scrolled): boolean {
  const drift = Math.abs(toCanvas(scale, canvas + shift) - canvas)
  return drift > (isStraight(scale, canvas + shift) ? 0.99 : straight / 2)
}

/** The shift that shows `top` of the list if the canvas is at `canvas`, which may be a fraction of a pixel off. */
export const shiftAt = (scale: ScrollScale, top: number, canvas: number): number =>
  isStraight(scale, top) ? toList(scale, canvas) - canvas : top - canvas

const isStraight = ({ list }: ScrollScale, top: number): boolean => top <= straight || top >= list - straight
