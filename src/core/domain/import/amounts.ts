/** Amounts of credits as tables write them. */
import { normal } from './written-times.ts'

export type WrittenAmount =
  | { amount: number; signed: boolean }
  | { problem: 'fractional_amount' | 'amount_too_large' | 'money' }

const unit = '(?:크레딧|credits?|cr\\.?|points?|pts?|포인트|점|p)'
const form = new RegExp(`^(\\()?([-+△▲]?) ?${unit}? ?([-+]?) ?([\\d.,' ]*\\d)(\\.)? ?${unit}? ?(-)?(\\))?$`)
const money = /[$€£¥₩]|(?<![a-z])(?:usd|krw|eur|jpy)(?![a-z])|원$/
const thousands = /^\d{1,3}(?:([,' ])\d{3})(?:\1\d{3})*(?:\.(\d+))?$/
const dottedThousands = /^\d{1,3}(?:\.\d{3}){2,}$/
const plain = /^\d+(?:\.(\d+))?$/

/**
 * Reads one cell. `(1,033)`, `-33 크레딧`, `△33` and `33-` are negative; `signed` tells that a sign was written. Fractions
 * and money are refused, since credits are whole. Null if the text is no amount, such as `３장`.
 */
export function readAmount(text: string): WrittenAmount | null {
  if (text.length > 60) return null
  if (/^-?\d{1,9}$/.test(text)) return { amount: Number(text) || 0, signed: text.startsWith('-') }
  const cell = normal(text)
  if (!/\d/.test(cell)) return null
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
  if (!Number.isSafeInteger(number)) return { problem: 'amount_too_large' }
  const isNegative = signs[0] === '-' || signs[0] === '△' || signs[0] === '▲'
  return { amount: isNegative && number !== 0 ? -number : number, signed: signs.length > 0 }
}

function readDigits(digits: string): number | 'fraction' | null {
  const grouped = thousands.exec(digits)
  if (grouped) return whole(digits.replace(/\..*$/, '').replace(/[,' ]/g, ''), grouped[2])
  if (dottedThousands.test(digits)) return Number(digits.replaceAll('.', ''))
  const simple = plain.exec(digits)
  if (simple) return whole(digits.replace(/\..*$/, ''), simple[1])
  // A decimal comma: 24529,5.
  return /^\d+,\d+$/.test(digits) ? 'fraction' : null
}

const whole = (integer: string, fraction: string | undefined): number | 'fraction' =>
  fraction !== undefined && /[1-9]/.test(fraction) ? 'fraction' : Number(integer)
