/** The zone that a table names outside its times: in their heading, in a line around the table, or in a column of its own. */
import type { SourceTable } from '../../../shared/imports.ts'
import { sampleOf } from './profile.ts'
import { normal, offsetOf, readTime } from './written-times.ts'
import { canonicalZone } from './zones.ts'

const names: [RegExp, string][] = [
  [/(?<![a-z])kst(?![a-z])|한국 ?(?:표준)?시|서울|seoul/, 'Asia/Seoul'],
  [/(?<![a-z])jst(?![a-z])/, 'Asia/Tokyo'],
  [/(?<![a-z])sgt(?![a-z])/, 'Asia/Singapore'],
  [/(?<![a-z])e[sd]t(?![a-z])|\bet\b(?=\)|$)|eastern (?:standard |daylight )?time|미국 ?동부|뉴욕/, 'America/New_York'],
  [/(?<![a-z])p[sd]t(?![a-z])|\bpt\b(?=\)|$)|pacific (?:standard |daylight )?time|미국 ?서부/, 'America/Los_Angeles'],
  [/(?<![a-z])ces?t(?![a-z])|central european (?:summer )?time/, 'Europe/Berlin'],
  [/(?<![a-z])(?:utc|gmt)(?! ?[+-]?\d)(?![a-z])|협정 ?세계시|세계 ?표준시/, 'UTC'],
]
const shifted = /(?<![a-z])(?:utc|gmt) ?([+-]) ?(\d{1,2})(?::?([0-5]\d))?(?!\d)/
const region = /(?<![a-z/])[a-z]+\/[a-z_]+(?:\/[a-z_]+)?(?![a-z/])/
const aboutTimes = /시간|시각|일시|표준시|times?|zone|timestamps?/

/** The zone that a text names; null if it names none. Offsets are zones such as `-05:00`, except those of Korea and UTC. */
function zoneIn(text: string): string | null {
  const named = region.exec(text)
  const zone = named && canonicalZone(named[0])
  if (zone) return zone
  const words = text.replaceAll('_', ' ')
  const [, sign, hours = '', minutes = '00'] = shifted.exec(words) ?? []
  if (sign === undefined) return names.find(([pattern]) => pattern.test(words))?.[1] ?? null
  const offset = `${sign}${hours.padStart(2, '0')}:${minutes}`
  if (/^.00:00$/.test(offset)) return 'UTC'
  return offset === '+09:00' ? 'Asia/Seoul' : canonicalZone(offset)
}

/**
 * The zone that the heading of the times names, or else a column of zones, or else a line above or below the table that is about
 * times.
 */
export function statedZone(
  timeHeadings: readonly string[],
  data: readonly string[][],
  lines: readonly string[][],
): string | null {
  const ofHeading = zoneIn(normal(timeHeadings.join(' ')))
  if (ofHeading) return ofHeading
  const notes = lines.map((cells) => normal(cells.join(' '))).filter((line) => aboutTimes.test(line))
  return zoneOfColumn(data) ?? notes.map(zoneIn).find((zone) => zone !== null) ?? null
}

/** The zone in every row of a column such as `America/New_York`. */
function zoneOfColumn(data: readonly string[][]): string | null {
  for (const cell of data[0] ?? []) {
    const zone = region.test(normal(cell)) && canonicalZone(cell.trim())
    if (zone && data.every((cells) => cells.includes(cell))) return zone
  }
  return null
}

/** `-33` is an amount. */
const isOffset = (cell: string | undefined): boolean => {
  const text = normal(cell ?? '')
  return /\p{L}|^[+-](?:\d\d:|0)\d\d/u.test(text) && offsetOf(text) !== null
}
const isClock = (cell: string | undefined): boolean => {
  const read = /:|시/.test(cell ?? '') ? readTime(cell ?? '', { now: 0, zone: 'UTC', dateOrder: 'year_first' }) : null
  return read?.clock != null && read.offset === null
}

/** Moves the cells of a column of offsets, such as `UTC` or `+09:00`, behind the clocks of their rows. */
export function withOffsets(table: SourceTable): SourceTable {
  const sample = sampleOf(table.rows)
  const width = Math.max(0, ...sample.map((cells) => cells.length))
  for (let column = 0; column < width; column++) {
    const rows = sample.filter((cells) => isOffset(cells[column]))
    if (rows.length === 0) continue
    const clock = Array.from({ length: width }, (_, index) => index).find((other) =>
      rows.every((cells) => isClock(cells[other])),
    )
    if (clock !== undefined) return { ...table, rows: table.rows.map((cells) => moved(cells, column, clock)) }
  }
  return table
}

function moved(cells: string[], from: number, to: number): string[] {
  if (!isOffset(cells[from]) || !isClock(cells[to])) return cells
  const offset = (cells[from] as string).trim()
  return cells.map((cell, index) => (index === to ? `${cell.trim()} ${offset}` : index === from ? '' : cell))
}
