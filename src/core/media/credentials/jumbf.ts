/** Reads the boxes of JUMBF (ISO 19566-5), in which content credentials are stored. */

/** A box that holds a description and other boxes. */
export interface Superbox {
  /** The first four characters of its type, such as `c2ma` for a manifest. */
  type: string
  label: string
  /** The boxes after the description, in their order. */
  content: JumbfBox[]
}

export interface JumbfBox {
  type: string
  bytes: Buffer
}

/** The boxes of some bytes, not of those inside them. Throws a RangeError if a length does not fit. */
export function boxesIn(bytes: Buffer): JumbfBox[] {
  const boxes: JumbfBox[] = []
  for (let at = 0; at < bytes.length; ) {
    const short = bytes.readUInt32BE(at)
    // A length of zero means: to the end.
    const length = short === 0 ? bytes.length - at : short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short
    const head = short === 1 ? 16 : 8
    if (length < head || length > bytes.length - at) throw new RangeError('A box has a wrong length')
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), bytes: bytes.subarray(at + head, at + length) })
    at += length
  }
  return boxes
}

/** The superboxes among the boxes of some bytes. Throws a RangeError if one is damaged. */
export const superboxesIn = (boxes: readonly JumbfBox[]): Superbox[] =>
  boxes.filter(({ type }) => type === 'jumb').map(({ bytes }) => superboxOf(bytes))

function superboxOf(bytes: Buffer): Superbox {
  const [description, ...content] = boxesIn(bytes)
  if (description?.type !== 'jumd' || description.bytes.length < 17) throw new RangeError('A box has no description')
  const hasLabel = ((description.bytes[16] as number) & 2) !== 0
  const end = hasLabel ? description.bytes.indexOf(0, 17) : 17
  if (end < 0) throw new RangeError('A label does not end')
  return {
    type: description.bytes.toString('latin1', 0, 4),
    label: description.bytes.toString('utf8', 17, end),
    content,
  }
}
