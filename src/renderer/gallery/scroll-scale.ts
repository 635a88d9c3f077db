/**
 * Scrolling through a list that is higher than a browser's page can be. The page is as high as it may be, and its scroll bar
 * stands for the whole list; what is drawn is shifted by what the two differ. Wheel, keys and touch move the list by as much as
 * the page, which moves the shift away from where the bar says it is; it is put right where nobody sees it.
 */

/**
 * The most device pixels that a page is asked to be high. Chromium holds heights up to 2^25 of them, but scroll offsets in
 * single precision: above 2^22 they no longer tell quarters of a pixel apart, and small moves are lost.
 */
const mostDevicePixels = 2 ** 22

/** So many pixels at both ends of the list the page moves as the list does, whatever happens in between. */
const straight = 40_000

/** The heights of a list and of the page that stands for it, in pixels. */
export interface ScrollScale {
  list: number
  page: number
}

export const scaleOf = (list: number, devicePixelRatio: number): ScrollScale => ({
  list,
  page: Math.min(list, Math.floor(mostDevicePixels / devicePixelRatio)),
})

/** Where the page stands for a place of the list, both in pixels from the top. Rises with it, and is exact at both ends. */
export function toPage({ list, page }: ScrollScale, place: number): number {
  if (list === page || place <= straight) return place
  if (place >= list - straight) return place - (list - page)
  return straight + (place - straight) * ((page - 2 * straight) / (list - 2 * straight))
}

/** The place of the list for which a place of the page stands. */
export function toList({ list, page }: ScrollScale, place: number): number {
  if (list === page || place <= straight) return place
  if (place >= page - straight) return place + (list - page)
  return straight + (place - straight) * ((list - 2 * straight) / (page - 2 * straight))
}

/** Where the page is scrolled to, and by how much further down the list is than the page. */
export interface Scrolled {
  page: number
  shift: number
}

/** Where the list is when it goes where the bar says. */
export const barAt = (scale: ScrollScale, page: number): Scrolled => ({ page, shift: toList(scale, page) - page })

/** The page was scrolled to `page`: by up to `mostSteady` pixels the list goes with it, by more it goes where the bar says. */
export function scrolled(scale: ScrollScale, from: Scrolled, page: number, mostSteady: number): Scrolled {
  const isJump = Math.abs(page - from.page) > mostSteady
  return isJump ? barAt(scale, page) : { page, shift: from.shift }
}

/** Whether the page could end before the list does, or the list before the page, unless the shift is put right at once. */
export function isAstray(scale: ScrollScale, { page, shift }: Scrolled): boolean {
  const drift = Math.abs(toPage(scale, page + shift) - page)
  return drift > (isStraight(scale, page + shift) ? 0.99 : straight / 2)
}

/** The shift that belongs to a page which was scrolled to `page`, or a fraction of a pixel beside it, to show `place`. */
export const shiftAt = (scale: ScrollScale, place: number, page: number): number =>
  isStraight(scale, place) ? toList(scale, page) - page : place - page

const isStraight = ({ list }: ScrollScale, place: number): boolean => place <= straight || place >= list - straight
