import type { FoundJob, TextRange } from '../../../shared/views.ts'

const before = 8

interface Snippet {
  text: string
  ranges: TextRange[]
}

/** The first matched text of a job, starting shortly before the match; null without a search. */
export function snippetOf({ prompt, chatTitle, fileName, model, matches }: FoundJob): Snippet | null {
  if (!matches) return null
  const texts = { prompt, chatTitle: chatTitle ?? fileName ?? '', model }
  for (const field of ['prompt', 'chatTitle', 'model'] as const) {
    const [first] = matches[field]
    if (!first) continue
    const start = wordStart(texts[field], first[0])
    const ellipsis = start > 0 ? '…' : ''
    const shift = ellipsis.length - start
    const length = 200
    const text = ellipsis + texts[field].slice(start, start + length)
    const ranges = matches[field].map(([from, to]): TextRange => [from + shift, Math.min(text.length, to + shift)])
    return { text, ranges: ranges.filter(([from]) => from < text.length) }
  }
  return null
}

/** The first start of a word in the few characters before `index`, else `index`. */
function wordStart(text: string, index: number): number {
  if (index <= before) return 0
  const space = text.slice(index - before, index).search(/\s\S/)
  return space < 0 ? index : index - before + space + 1
}
