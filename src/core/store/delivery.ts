/** Where a page came from: `generation` counts the listings of its stream. */
export interface Delivery {
  generation: number
  listing: boolean
}
