/** The kind of a file, by its first bytes. */
import { ReadProblem } from './problems.ts'

export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)

/** Office's older container: XLS, or an XLSX with a password. */
export const isOleFile = (bytes: Uint8Array): boolean =>
  [0xd0, 0xcf, 0x11, 0xe0].every((byte, index) => bytes[index] === byte)

/** First bytes of files that hold no table: PDF, pictures, archives, databases, films. */
const otherFiles = [
  '%PDF',
  '\x89PNG',
  '\xFF\xD8\xFF',
  'GIF8',
  '7z\xBC',
  '\x1F\x8B',
  'Rar!',
  'SQLite format 3',
  'RIFF',
  '{\\rtf',
]

/** Throws `unknown_format` or `web_archive` for files that hold no table. */
export function refuseOthers(bytes: Uint8Array): void {
  const head = String.fromCharCode(...bytes.subarray(0, 16))
  if (head.startsWith('bplist')) throw new ReadProblem('web_archive')
  if (otherFiles.some((start) => head.startsWith(start)) || head.slice(4, 8) === 'ftyp')
    throw new ReadProblem('unknown_format')
}

export const isWebArchive = (text: string): boolean =>
  /^(?:From: <Saved by|MIME-Version:|Snapshot-Content-Location:)/i.test(text) &&
  /Content-Type: multipart\/related/i.test(text.slice(0, 4096))

const elements =
  'html|head|meta|link|style|script|title|body|table|caption|colgroup|col|thead|tbody|tfoot|tr|td|th|div|section|article|main|' +
  'header|footer|nav|aside|ul|ol|li|dl|dt|dd|p|pre|h[1-6]|span|a|b|i|strong|em|small|font|center|br|hr|img|form'
const firstElement = new RegExp(`^\\s*(?:<!--[\\s\\S]{0,2000}?-->\\s*)*<(?:!doctype html|${elements})[\\s/>]`, 'i')

export const looksLikeHtml = (text: string): boolean => firstElement.test(text.slice(0, 4096))
