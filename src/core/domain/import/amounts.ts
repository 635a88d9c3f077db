/** Amounts of credits as tables write them. */
import { maxCredits } from '../ledger.ts'
import { kindOfText } from './words.ts'
import { normal } from './written-times.ts'

export type WrittenAmount =
  | { amount: number; signed: boolean }
  | { problem: 'fractional_amount' | 'amount_too_large' | 'money' }

const unit = '(?:크레딧|캐럿|credits?|carats?|cr\\.?|c|points?|pts?|포인트|점|p)'
const form = new RegExp(`^(\\()?([-+△▲▼▽]?) ?${unit}? ?([-+]?) ?([\\d.,' ]*\\d)(\\.)? ?${unit}? ?(-)?(\\))?$`)
/** In UTF-16 units; longer cells are texts. */
const maxLength = 60
/** Services put a coin or a gem before their credits. */
const pictures = /^\p{Extended_Pictographic}\uFE0F? ?|\p{Extended_Pictographic}\uFE0F?$/gu
const words =
  '사용|차감|소모|소진|출금|만료|소멸|환불|환급|반환|지급|적립|충전|입금|used|spent|charged|deducted|expired|refunded|granted|received|added|earned'
/** `33 크레딧 차감`, `33 credits refunded`. */
const worded = new RegExp(`^(.*\\d.*?) ?(${words})(?:됨|함|완료)?$`)
/** `사용 33`, `Refunded: 33 credits`. */
const wordFirst = new RegExp(`^(${words}) ?:? ?(.*\\d.*)$`)
/** `-33 (잔액 967)`. */
const withBalance = / ?[([](?:잔액|잔여|balance)[^)\]]*[)\]]$/
const money = /[$€£¥₩]|(?<![a-z])(?:usd|krw|eur|jpy)(?![a-z])|원$/
const thousands = /^\d{1,3}(?:([,' ])\d{3})(?:\1\d{3})*(?:\.(\d+))?$/
const dottedThousands = /^\d{1,3}(?:\.\d{3}){2,}$/
const decimalComma = /^(\d{1,3}(?:\.\d{3})+|\d+),(\d+)$/
const plain = /^\d+(?:\.(\d+))?$/

/**
 * Reads one cell. `(1,033)`, `-33 크레딧`, `△33`, `33-` and `33 차감` are negative; `signed` is true if the cell has a sign,
 * or a word instead. Fractions and money are refused, since credits are whole. Null for other texts, such as `３장`.
 */
export function readAmount(text: string): WrittenAmount | null {
  if (text.length > maxLength) return null
  if (/^-?\d{1,9}$/.test(text)) return { amount: Number(text) || 0, signed: text.startsWith('-') }
  // Programs that disarm formulas put an apostrophe before a sign.
  const cell = normal(text)
    .replace(pictures, '')
    .replace(/^'(?=[-+(])/, '')
    .replace(withBalance, '')
    .trim()
  if (!/\d/.test(cell)) return null
  const { number, word } = parted(cell)
  return word === '' ? readNumber(number) : withWord(readNumber(number.trim()), word)
}

/** The number of a cell and the word beside it that names its kind, such as `차감`; the word is empty if there is none. */
function parted(cell: string): { number: string; word: string } {
  const [, before, behind] = worded.exec(cell) ?? []
  if (before && behind) return { number: before, word: behind }
  const [, word, number] = wordFirst.exec(cell) ?? []
  return word && number ? { number, word } : { number: cell, word: '' }
}

/** The amount in a cell; null if it has none, or one that is refused. */
export function wholeOf(cell: string | undefined): number | null {
  const read = readAmount(cell ?? '')
  return read && 'amount' in read ? read.amount : null
}

/** The word beside an amount that names its kind, such as `차감`; empty if there is none. */
export const wordOfAmount = (text: string): string => parted(normal(text)).word

function withWord(read: WrittenAmount | null, word: string): WrittenAmount | null {
  if (!read || 'problem' in read || read.signed) return read
  const sign = kindOfText(word)?.sign ?? 1
  return { amount: sign * read.amount || 0, signed: true }
}

function readNumber(cell: string): WrittenAmount | null {
  const isMoney = money.test(cell)
  const match = form.exec(isMoney ? cell.replace(new RegExp(money, 'g'), '').trim() : cell)
  if (!match) return null
  const [, open, before = '', inner = '', digits = '', , behind = '', close] = match
  if ((open === undefined) !== (close === undefined)) return null
  const signs = [open ? '-' : '', before, inner, behind].filter((sign) => sign !== '')
  if (signs.length > 1) return null
  const number = readDigits(digits)
  if (number === null) return null
  if (isMoney) return { problem: 'money' }
  if (number === 'fraction') return { problem: 'fractional_amount' }
  if (number > maxCredits) return { problem: 'amount_too_large' }
  const isNegative = /[-△▲▼▽]/.test(signs[0] ?? '')
  return { amount: isNegative && number !== 0 ? -number : number, signed: signs.length > 0 }
}

function readDigits(digits: string): number | 'fraction' | null {
  const grouped = thousands.exec(digits)
  if (grouped) return whole(digits.replace(/\..*$/, '').replace(/[,' ]/g, ''), grouped[2])
  if (dottedThousands.test(digits)) return Number(digits.replaceAll('.', ''))
  const simple = plain.exec(digits)
  if (simple) return whole(digits.replace(/\..*$/, ''), simple[1])
  // A decimal comma: 24529,5 and 1.040,00.
  const [, integer = '', decimals] = decimalComma.exec(digits) ?? []
  return decimals === undefined ? null : whole(integer.replaceAll('.', ''), decimals)
}

const whole = (integer: string, fraction: string | undefined): number | 'fraction' =>
  fraction !== undefined && /[1-9]/.test(fraction) ? 'fraction' : Number(integer)
