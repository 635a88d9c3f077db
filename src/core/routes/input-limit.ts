/** The limit of a request's input, whatever host it came through: a WebSocket, Electron's messages or the command line. */

/** The deepest input of a route, a word of a table's reading, is four levels down. */
const maxDepth = 16
const maxValues = 100_000
/** UTF-16 units of all texts together; a part of an upload has 700,000. */
const maxText = 1_048_576

/**
 * Whether an input is small and flat enough to be handed on. Its own stack instead of recursion, because what follows recurses:
 * structured clone and the schemas overflow at some thousand levels.
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
