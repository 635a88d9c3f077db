/** The zone that a table names outside its cells: in the heading of its times, or in a line above it. */
import { normal } from './written-times.ts'

const names: [RegExp, string][] = [
  [/(?<![a-z])kst(?![a-z])|(?:utc|gmt) ?\+ ?0?9(?::?00)?(?!\d)|한국 ?(?:표준)?시|서울|seoul/, 'Asia/Seoul'],
  [/(?<![a-z])jst(?![a-z])/, 'Asia/Tokyo'],
  [/(?<![a-z])(?:utc|gmt)(?: ?\+ ?0{1,2}(?::?00)?)?(?! ?[+-]?\d)(?![a-z])|협정 ?세계시|세계 ?표준시/, 'UTC'],
]
const aboutTimes = /시간|시각|일시|표준시|times?|zone|timestamps?/

/** The zone that a text names; null if it names none. */
const zoneIn = (text: string): string | null => names.find(([pattern]) => pattern.test(text))?.[1] ?? null

/** The zone that the heading of the times names, or else a line above the headings that is about times. */
export function statedZone(timeHeadings: readonly string[], above: readonly string[][]): string | null {
  const ofHeading = zoneIn(normal(timeHeadings.join(' ')).replaceAll('_', ' '))
  if (ofHeading) return ofHeading
  const lines = above.map((cells) => normal(cells.join(' '))).filter((line) => aboutTimes.test(line))
  return lines.map(zoneIn).find((zone) => zone !== null) ?? null
}
