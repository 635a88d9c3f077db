/** A part of a file: its first and its last byte. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * The part of a file of `size` bytes that a `Range` header asks for. Null stands for the whole file: without a header, or with one
 * that names several parts or none. `outside` means that the file has no byte of it.
 */
export function parseRange(header: string | null | undefined, size: number): ByteRange | 'outside' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (start >= size) return 'outside'
  return start <= end ? { start, end } : null
}

/** The answer to a request for a file of `size` bytes with a `Range` header: what it says of the part that it sends, if it sends any. */
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

/** Where a part begins, and the size of the whole in bytes, of a `Content-Range` header; null where it does not say. */
export function parseContentRange(header: string | null): { start: number; size: number | null } | null {
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header ?? '') ?? []
  return start === undefined ? null : { start: Number(start), size: size === '*' ? null : Number(size) }
}
