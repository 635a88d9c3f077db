/** Where a progress line is written: standard error, or what a test puts in its place. */
interface Terminal {
  isTTY?: boolean
  /** Cells in a line. */
  columns?: number
  write(text: string): unknown
}

const toLineStart = '\r\u001B[K'

/** A line that is written again and again in a terminal, and nowhere else: logs and pipes stay without it. */
export function progressLine(terminal: Terminal): { show(text: string): void; clear(): void } {
  const write = (text: string) => {
    if (terminal.isTTY) terminal.write(`${toLineStart}${text}`)
  }
  return {
    show: (text) => write(fitting(text, (terminal.columns ?? 80) - 1)),
    clear: () => write(''),
  }
}

/** The beginning of a text that fits into one line: a longer one could not be overwritten. Korean letters take two cells. */
function fitting(text: string, cells: number): string {
  let left = cells
  let end = 0
  for (const letter of text) {
    left -= letter.length === 1 && letter < '\u1100' ? 1 : 2
    if (left < 0) break
    end += letter.length
  }
  return text.slice(0, end)
}
