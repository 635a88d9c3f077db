/** The limits of a JSON text before it is parsed: a text of a few MB can hold values that take gigabytes. */

/** A full page of 1,000 jobs with 20 results each has 225,000 values. */
const maxValues = 250_000
const maxDepth = 64

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c

/**
 * Takes the chunks of a JSON text in UTF-8. `push` returns false as soon as the text holds more than 250,000 values, or values
 * nested more than 64 deep.
 */
export function createStructureLimit() {
  let values = 1
  let depth = 0
  let inString = false
  let isEscaped = false
  return {
    push(chunk: Uint8Array): boolean {
      // By index, and strings in a loop of their own: most bytes of an answer are in strings.
      for (let index = 0; index < chunk.length; index++) {
        if (isEscaped) {
          isEscaped = false
          continue
        }
        let byte = chunk[index]
        while (inString && byte !== quote && byte !== backslash && index + 1 < chunk.length) byte = chunk[++index]
        if (byte === quote) inString = !inString
        else if (inString) isEscaped = byte === backslash
        // Each comma separates two values, and each bracket opens one.
        else if (byte === comma) values++
        else if (byte === 0x7b || byte === 0x5b) {
          values++
          if (++depth > maxDepth) return false
        } else if (byte === 0x7d || byte === 0x5d) depth--
        if (values > maxValues) return false
      }
      return true
    },
  }
}
