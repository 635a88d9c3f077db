/**
 * The first index below `count` that `fits`, by binary search; `count` if none does. All indexes after it must fit,
 * too.
 */
export function lowerBound(count: number, fits: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (fits(middle)) high = middle
    else low = middle + 1
  }
  return low
}
