/**
 * CSV (RFC 4180) whose texts a spreadsheet does not change. A text that a spreadsheet would run as a formula, or read as a number,
 * a date or a boolean, gets an apostrophe in front, which makes it text and survives every save.
 */
import type { Cell, Column } from './columns.ts'

/** Without it, spreadsheets read the file in a Latin or Korean encoding. */
export const byteOrderMark = '\uFEFF'

/** The heading of a column: its field, with `Kst` for a time in Korea and the number of any further piece. */
export const csvHeading = ({ field, kind, piece }: Column): string =>
  `${field}${kind === 'koreanTime' ? 'Kst' : ''}${piece > 0 ? piece + 1 : ''}`

/** The text of a cell. A Korean time stays unquoted, so that a spreadsheet reads it as a time. */
export function csvCell(cell: Cell, { kind }: Column): string {
  if (cell === null) return ''
  if (typeof cell !== 'string' || kind === 'koreanTime') return String(cell)
  const text = isChangedBySpreadsheets(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Full-width signs begin a formula in Korean and Japanese Excel. A text's own apostrophe gets another, so a reader
 * always removes exactly one.
 */
const formula = /^(?:[\s\p{Cc}]*[=+\-@＝＋－＠]|[\t\r'])/u

const month =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?'
const noon = 'am|pm|오전|오후'
const figure = '[\\p{N}\\p{Sc}.,(%\\\\]'
/**
 * Texts that Excel in English or Korean may read as a number, an amount, a date or a time. In doubt, a text matches.
 */
const value = new RegExp(
  `^\\s*(?:${figure}|${month}|${noon})(?:${figure}|[\\s:;/)+\\-–edap년월일시분초원]|${month}|${noon})*$`,
  'iu',
)

const isChangedBySpreadsheets = (text: string): boolean =>
  formula.test(text) || (/\p{N}/u.test(text) ? value.test(text) : /^\s*(?:true|false)\s*$/i.test(text))
