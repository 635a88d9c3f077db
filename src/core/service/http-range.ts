/** A byte range of a file, both ends included. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * The byte range of a file of `size` bytes that a `Range` header asks for. Null means the whole file: there is no header, or it
 * names several ranges or none. `outside` means that the range lies beyond the file.
 */
export function parseRange(header: string | null | undefined, size: number): ByteRange | 'outside' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (start >= size) return 'outside'
  return start <= end ? { start, end } : null
}

/**
 * Status and headers of the response to a request for a file of `size` bytes with a `Range` header, and the range to
 * send.
 */
export function answerRange(
  header: string | null | undefined,
  size: number,
): { status: 200 | 206 | 416; headers: Record<string, string>; part: ByteRange | null } {
  const range = parseRange(header, size)
  if (range === 'outside') return { status: 416, headers: { 'content-range': `bytes */${size}` }, part: null }
  const part = range ?? { start: 0, end: size - 1 }
  const length = { 'content-length': String(part.end - part.start + 1) }
  if (range === null) return { status: 200, headers: length, part }
  return { status: 206, headers: { ...length, 'content-range': `bytes ${part.start}-${part.end}/${size}` }, part }
}

/** The start of a range and the total size in bytes from a `Content-Range` header; null if it does not state them. */
export function parseContentRange(header: string | null): { start: number; size: number | null } | null {
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header ?? '') ?? []
  return start === undefined ? null : { start: Number(start), size: size === '*' ? null : Number(size) }
}
