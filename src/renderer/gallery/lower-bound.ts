/** The first index below `count` for which `fits` holds, where it holds for all that follow; `count` where it never does. */
export function firstFit(count: number, fits: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (fits(middle)) high = middle
    else low = middle + 1
  }
  return low
}
