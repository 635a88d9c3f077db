import type { FoundJob, TextRange } from '../../shared/views.ts'

const before = 8

interface Snippet {
  text: string
  ranges: TextRange[]
}

/** The line of a job that a search matched, from shortly before the match on; null without a search. */
export function snippetOf({ prompt, chatTitle, model, matches }: FoundJob): Snippet | null {
  if (!matches) return null
  const texts = { prompt, chatTitle: chatTitle ?? '', model }
  for (const field of ['prompt', 'chatTitle', 'model'] as const) {
    const [first] = matches[field]
    if (!first) continue
    const start = wordStart(texts[field], first[0])
    const mark = start > 0 ? '…' : ''
    const shift = mark.length - start
    const length = 200
    const text = mark + texts[field].slice(start, start + length)
    const ranges = matches[field].map(([from, to]): TextRange => [from + shift, Math.min(text.length, to + shift)])
    return { text, ranges: ranges.filter(([from]) => from < text.length) }
  }
  return null
}

/** The start of the word that lies at most a little before a place. */
function wordStart(text: string, place: number): number {
  if (place <= before) return 0
  const space = text.slice(place - before, place).search(/\s\S/)
  return space < 0 ? place : place - before + space + 1
}
