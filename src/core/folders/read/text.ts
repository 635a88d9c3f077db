/** Texts of files whose format says Latin-1, into which programs write other encodings. */
import { isUtf8 } from 'node:buffer'
import { TextDecoder } from '@exodus/bytes/encoding.js'

/** Only Hangul, jamo and Korean marks beside ASCII: `é` and a letter after it are a rare Chinese character in code page 949. */
const isKorean = (text: string): boolean =>
  /^[\n\r\t -~\u1100-\u11FF\u2010-\u2027\u3000-\u303F\u3131-\u318E\uAC00-\uD7A3]*$/.test(text)

/**
 * The text that was meant, if a text in Latin-1 is UTF-8, or Korean of code page 949, byte for byte. Any other text stays as it is.
 */
export function repairedText(text: string): string {
  const bytes = Buffer.from(text, 'latin1')
  if (!/[\u0080-\u00FF]/.test(text) || bytes.toString('latin1') !== text) return text
  if (isUtf8(bytes)) return bytes.toString()
  try {
    const korean = new TextDecoder('euc-kr', { fatal: true }).decode(bytes)
    return isKorean(korean) ? korean : text
  } catch {
    return text
  }
}
