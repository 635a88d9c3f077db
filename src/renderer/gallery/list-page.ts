/** A page of the list, newest first: loaded, or a placeholder with its count. */
export interface ListPage<Item> {
  /** Null until the page is loaded. */
  items: readonly Item[] | null
  count: number
  /** The position in the history; null in a search, whose hits are unknown before they are found. */
  of: DayRange | null
}

/**
 * A run of items of one day: `day` begins it (epoch milliseconds), `total` counts the day, `first` those before the
 * run.
 */
export interface DayRange {
  day: number
  total: number
  first: number
}

/** A position in a day: how many items of the day come before it. */
export interface DayPosition {
  day: number
  before: number
}

/** Indexes of the first and last page in or near the viewport, and of the page with the focused or selected item. */
export interface PagesInView {
  first: number
  last: number
  kept: number | null
}

/** Pages as the gallery draws them. */
export interface PagedList<Item> {
  /** Identifies the list: its scroll anchor is remembered under this id. */
  id: string
  pages: readonly ListPage<Item>[]
  /** Whether older items follow after the last page. */
  more: boolean
  /** Reports which pages are in or near the viewport, so that the owner loads and refreshes them. */
  setInView: (pages: PagesInView) => void
}

/** The properties of an item that the engine reads. */
export interface ItemTraits<Item> {
  keyOf: (item: Item) => string
  /** Epoch milliseconds. The list is sorted by it, newest first. */
  timeOf: (item: Item) => number
  /** Width over height of the tile in the grid. */
  aspectRatioOf: (item: Item) => number
  /** Whether the aspect ratio may still change. The tile then keeps the first one while its list is shown. */
  isUnfinished: (item: Item) => boolean
}

export const itemCount = (pages: readonly { count: number }[]): number =>
  pages.reduce((total, page) => total + page.count, 0)

export const msPerDay = 86_400_000
