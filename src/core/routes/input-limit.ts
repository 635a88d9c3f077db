/** Limits the input of a request of any host: a WebSocket, Electron's messages or the command line. */

/** Valid inputs have at most four levels. */
const maxDepth = 16
const maxValues = 100_000
/** UTF-16 units of all texts together. The chunk of an upload has 700,000. */
const maxText = 1_048_576

/**
 * Whether an input is small and flat enough. Structured clone and the schemas recurse, and overflow at some thousand levels, so
 * this check uses a stack instead.
 */
export function isWithinLimit(input: unknown): boolean {
  const stack = [{ value: input, depth: 0 }]
  let values = 0
  let text = 0
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, depth } = next
    if (++values > maxValues || depth > maxDepth) return false
    if (typeof value === 'string') text += value.length
    if (text > maxText) return false
    if (typeof value !== 'object' || value === null) continue
    const entries = Object.entries(value)
    if (values + stack.length + entries.length > maxValues) return false
    for (const [name, child] of entries) {
      text += name.length
      stack.push({ value: child, depth: depth + 1 })
    }
  }
  return true
}
