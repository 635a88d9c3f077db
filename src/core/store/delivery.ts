/** Where a page came from: `listingEpoch` counts the listings of its stream. */
export interface Delivery {
  listingEpoch: number
  listing: boolean
}
