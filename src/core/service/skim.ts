/** Reads the envelope of a page whose item is too large for memory. */

/** Largest envelope in bytes: it holds two tokens and a number. */
const envelopeLimit = 64 * 1024

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const opening = new Set([0x7b, 0x5b])
const closing = new Set([0x7d, 0x5d])
const closingBracket = 0x5d

/**
 * Takes the chunks of a JSON object and gives its text with an empty `items` array, and the first `headLimit` bytes of the
 * item. Memory does not grow with the size of the item. `push` returns false for a second item, and for an envelope of more
 * than 64 KiB.
 */
export function createSkimmer(headLimit: number) {
  const envelope: number[] = []
  const head: number[] = []
  let depth = 0
  let inString = false
  let isEscaped = false
  let isSingle = true
  /** The last string at depth 1, and the key that it was if a colon followed. */
  let text = ''
  let key = ''

  /** Follows strings and brackets. Returns whether the byte belongs to an item. */
  function step(byte: number): boolean {
    const isItem = depth > 1 && key === 'items'
    if (inString) {
      if (depth === 1) text += String.fromCharCode(byte)
      if (isEscaped) isEscaped = false
      else if (byte === backslash) isEscaped = true
      else if (byte === quote) inString = false
      return isItem
    }
    if (byte === quote) {
      inString = true
      text = ''
    } else if (byte === colon && depth === 1) {
      key = text.slice(0, -1)
    } else if (byte === comma && depth === 2 && isItem) {
      isSingle = false
    } else if (opening.has(byte)) {
      depth++
    } else if (closing.has(byte)) {
      depth--
      return isItem && !(depth === 1 && byte === closingBracket)
    }
    return isItem
  }

  return {
    push(chunk: Uint8Array): boolean {
      for (const byte of chunk) {
        if (!step(byte)) envelope.push(byte)
        else if (head.length < headLimit) head.push(byte)
        if (!isSingle || envelope.length > envelopeLimit) return false
      }
      return true
    },
    /** The envelope as JSON text, and the beginning of its item. */
    end(): { envelope: string; head: string } {
      const decode = (bytes: number[]) => new TextDecoder().decode(Uint8Array.from(bytes))
      return { envelope: decode(envelope), head: decode(head) }
    },
  }
}
