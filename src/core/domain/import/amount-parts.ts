/** Tables that divide the credits of a row among several columns, such as paid and bonus credits. */
import { wholeOf } from './amounts.ts'
import { compact } from './headings.ts'

const credits = '(?:크레딧|포인트|금액|credits?|points?)'
const of = '(?:사용|차감|사용량)?'
const source =
  '유료|무료|보너스|기본|구독|충전|이벤트|프로모션|일반|paid|free|bonus|base|basic|subscription|purchased|promo(?:tional)?|event'
const feature =
  '이미지|사진|영상|동영상|비디오|음악|오디오|음성|자막|채팅|대화|웹?검색|기타|images?|photos?|videos?|audio|music|voice|subtitles?|chat|search|others?'

/** Whether a heading names where a part of the credits comes from. */
const namesSource = (heading: string): boolean =>
  new RegExp(`^(?:${source})${of}${credits}?${of}$`).test(compact(heading))

/** Whether a heading names what a part of the credits was used for. `이미지 수` (number of images) does not. */
const namesFeature = (heading: string): boolean =>
  new RegExp(`^(?:${feature})(?:생성|generation)?${of}${credits}?${of}$`).test(compact(heading))

export type Division = { total: number } | { parts: number[] }

/**
 * How the credits are divided: the column of `numeric` that is the sum of the others in every row, or the columns to add to
 * `amount`. Null if they are not divided.
 */
export function divisionOf(
  rows: readonly string[][],
  headings: readonly string[],
  numeric: readonly number[],
  amount: number,
): Division | null {
  const headingOf = (column: number) => headings[column] ?? ''
  const parts = numeric.filter((column) => namesSource(headingOf(column)) || namesFeature(headingOf(column)))
  const total = numeric.find((column) => isSum(rows, column, parts.length > 1 ? parts : numeric))
  if (total !== undefined && !parts.includes(total)) return { total }
  const isPart = parts.includes(amount) ? () => true : (column: number) => namesSource(headingOf(column))
  const added = parts.filter((column) => column !== amount && isPart(column))
  return added.length > 0 ? { parts: added } : null
}

/** Whether the numbers of a column are the sums of the others, in at least one row of several numbers. */
function isSum(rows: readonly string[][], column: number, parts: readonly number[]): boolean {
  const others = parts.filter((part) => part !== column)
  if (others.length < 2) return false
  let proven = false
  for (const cells of rows) {
    const sum = wholeOf(cells[column])
    const values = others.map((part) => wholeOf(cells[part]) ?? 0)
    if (sum === null) continue
    if (values.reduce((one, other) => one + other, 0) !== sum) return false
    if (values.filter((value) => value !== 0).length > 1) proven = true
  }
  return proven
}
