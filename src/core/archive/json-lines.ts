/** Reads the tables of an archive: a JSON array with a row on each line. */

/** In bytes, more than any row of the data model needs in JSON. */
const lineLimit = 128 * 2 ** 20

const newline = 10

/** The rows of a table as JSON. Throws an error for any other text. */
export async function* linesOf(content: AsyncIterable<Buffer>): AsyncGenerator<string> {
  /** The blocks of an unfinished line, which are joined only once. */
  let parts: Buffer[] = []
  let length = 0
  let state: 'before' | 'first' | 'rows' | 'after' = 'before'
  let hasNext = false
  for await (const block of content) {
    parts.push(block)
    length += block.length
    if (length > lineLimit) throw new Error('row too long')
    if (!block.includes(newline)) continue
    const text = Buffer.concat(parts)
    let start = 0
    for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, start)) {
      const line = text.toString('utf8', start, end)
      start = end + 1
      if (state === 'before' && line === '[') {
        state = 'first'
      } else if (line === ']' && (state === 'first' || (state === 'rows' && !hasNext))) {
        state = 'after'
      } else if (state === 'first' || (state === 'rows' && hasNext)) {
        state = 'rows'
        hasNext = line.endsWith(',')
        yield hasNext ? line.slice(0, -1) : line
      } else throw new Error('not a list of rows')
    }
    parts = [text.subarray(start)]
    length = text.length - start
  }
  if (state !== 'after' || length > 0) throw new Error('not a list of rows')
}

/** The values of a row by the names of its columns. Throws an error for a row with other columns or values. */
export function parseRow(json: string, columns: readonly { name: string; type: string }[]): object {
  const row: unknown = JSON.parse(json)
  if (typeof row !== 'object' || row === null || Object.keys(row).length !== columns.length)
    throw new Error('not a row')
  return Object.fromEntries(columns.map(({ name, type }) => [name, cellOf(row, name, type)]))
}

function cellOf(row: object, name: string, type: string): string | number | Buffer | null {
  if (!Object.hasOwn(row, name)) throw new Error(`no ${name}`)
  const value = (row as Record<string, unknown>)[name]
  if (typeof value === 'string') return type === 'BLOB' ? Buffer.from(value, 'hex') : value
  if (value === null) return null
  // STRICT tables refuse other numbers in their columns.
  if (typeof value === 'number' && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value
  throw new Error(`odd ${name}`)
}
