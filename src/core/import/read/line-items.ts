/** The lines of a copied page as items: times, days, clocks, amounts, balances and words. */
import { readAmount } from '../../domain/import/amounts.ts'
import { kindOfText } from '../../domain/import/words.ts'
import { normal, readTime } from '../../domain/import/written-times.ts'
import { anyContext } from './rank.ts'

export type ItemKind = 'time' | 'day' | 'clock' | 'amount' | 'balance' | 'words'

export interface Item {
  kind: ItemKind
  text: string
  /** 1-based. */
  line: number
}

/** More words than any written time has. */
const longestTime = 7
const longestLine = 300

/** `2026년 1월` above days such as `28일 (수)`. */
const monthHeading = /^(\d{4}) ?[년.-] ?(\d{1,2})월?\.?$/
const dayOfMonth = /^\d{1,2}일(?: ?\(?[월화수목금토일](?:요일)?\)?)?(?= |$)/

/**
 * The items of a text in order. A line of one record, such as `2026. 1. 28. 14:21 이미지 -33`, gives several. With `takesBare`, a
 * number without sign and unit at the end of other words is an amount; otherwise it is one of the words, as in `Veo 3`.
 */
export function itemsOf(text: string, takesBare: boolean): Item[] {
  const items: Item[] = []
  let month = ''
  for (const [index, whole] of text.split(/\r\n|\n|\r/).entries()) {
    for (const piece of whole.split('\t')) {
      const trimmed = piece.trim()
      const [, year, number] = monthHeading.exec(trimmed) ?? []
      if (year) month = `${year}년 ${number}월 `
      const line = dayOfMonth.test(trimmed) ? month + trimmed : trimmed
      if (line !== '') items.push(...itemsOfLine(line, index + 1, takesBare))
    }
  }
  return items
}

/** Marks before an entry of a list, such as `•`, `-`, `>` and `3.`. */
const marks = /^(?:[>•·*▪◦‣∙●○–—-]+ +)*(?:\(?\d{1,3}[.)] +)?/
/** `[Web발신]`, or `[2026-01-28 14:21]`. */
const tags = /^(?:\[[^\]]{1,30}\] *)+/
const bracketed = /^\[([^\]]{4,40})\] */

/** A line without the marks before it, if a time then begins it. `1. 28. 14:21` begins with one already. */
function withoutMarks(text: string): string {
  const begins = (line: string) => timeAtStart(line.split(/[ \u00A0\u202F]+/)) !== null
  const entry = text.replace(marks, '')
  return [text, entry.replace(bracketed, '$1 '), entry.replace(tags, '')].find(begins) ?? text
}

function itemsOfLine(written: string, line: number, takesBare: boolean): Item[] {
  const text = written.length > longestLine ? written : withoutMarks(written)
  const whole = kindOf(text)
  if (whole || text.length > longestLine) return [{ kind: whole ?? 'words', text, line }]
  const words = text.split(/[ \u00A0\u202F]+/)
  const first = timeAtStart(words)
  const rest = words.slice(first?.count ?? 0)
  const last = first ? null : timeAtEnd(rest)
  const middle = last ? rest.slice(0, rest.length - last.count) : rest
  const items: Item[] = first ? [{ ...first.item, line }] : []
  items.push(...amountsOf(middle.join(' '), line, takesBare))
  if (last) items.push({ ...last.item, line })
  return items
}

/** `2026.3.1` or `03.01`; a version, as in `Veo 3.1`, has one digit. */
const dotted = /^(?:\d{2,4}\.\d{1,2}|\d{2})\.\d{1,2}\.?$/

/** The kind of a whole text; null for words. */
function kindOf(text: string): ItemKind | null {
  const time = readTime(text, anyContext)
  // A bare number is an amount here: no page writes serials.
  if (time && (!/^[\d.,]+$/.test(text) || dotted.test(text))) return time.date ? (time.clock ? 'time' : 'day') : 'clock'
  return readAmount(text) ? 'amount' : null
}

type Found = { item: Omit<Item, 'line'>; count: number } | null

function timeAtStart(words: readonly string[]): Found {
  return longest(words.length, (count) => words.slice(0, count).join(' '))
}

function timeAtEnd(words: readonly string[]): Found {
  return longest(words.length, (count) => words.slice(-count).join(' '))
}

function longest(available: number, take: (count: number) => string): Found {
  for (let count = Math.min(longestTime, available); count > 0; count--) {
    const text = take(count).replace(/[,|·•:]$|(?<=[\d시분초일])에$/, '')
    const kind = kindOf(text)
    if (kind && kind !== 'amount') return { item: { kind, text }, count }
  }
  return null
}

const number = '[-+−△▲]? ?\\d[\\d,]*|\\([\\d,]+\\)'
const unit = '(?:크레딧|credits?)'
const withUnit = new RegExp(
  `(?:잔액|잔여|남은|balance)?[ :]*(?:${number}) ?${unit}|(?:잔액|잔여|남은 ?(?:크레딧)?|balance)[ :]*(?:${number})`,
  'giu',
)
const signedAtEnd = /(?:^| )([-+−△▲] ?\d[\d,]*|\([\d,]+\))$/
const bareAtEnd = /(?:^| )(\d[\d,]*)$/

/** The amounts of a text with the words between them. A number without unit and sign counts only at the end. */
function amountsOf(text: string, line: number, takesBare: boolean): Item[] {
  const items: Item[] = []
  const add = (kind: ItemKind, value: string) => {
    const trimmed = value.replace(/^[\s,|·•:]+|[\s,|·•:]+$/g, '')
    if (trimmed !== '') items.push({ kind, text: trimmed, line })
  }
  let from = 0
  for (const match of text.matchAll(withUnit)) {
    add('words', text.slice(from, match.index))
    const isBalance = /잔액|잔여|남은|balance/i.test(match[0])
    add(isBalance ? 'balance' : 'amount', match[0].replace(/^(?:잔액|잔여|남은 ?(?:크레딧)?|balance)[ :]*/i, ''))
    from = match.index + match[0].length
  }
  const rest = text.slice(from)
  const { numbered, sense } = withoutSense(rest)
  const end = items.some(({ kind }) => kind === 'amount')
    ? null
    : (signedAtEnd.exec(numbered) ?? (takesBare && from === 0 ? bareAtEnd.exec(numbered) : null))
  if (!end || !readAmount(normal(end[1] as string))) add('words', rest)
  else {
    add('words', `${numbered.slice(0, end.index)} ${sense}`)
    add('amount', end[1] as string)
  }
  return items
}

/** Splits `이미지 33 사용` before the last word if that word names a kind of transaction. */
function withoutSense(text: string): { numbered: string; sense: string } {
  const [, numbered, sense] = /^(.*[\d)]) (\p{L}+)$/u.exec(text) ?? []
  return numbered && sense && kindOfText(sense) ? { numbered, sense } : { numbered: text, sense: '' }
}
