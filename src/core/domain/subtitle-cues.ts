/** Parses subtitles in WebVTT or SubRip (SRT) into cues of plain text. */
import type { SubtitleCue } from '../../shared/views.ts'

/** More cues than any subtitles of a generated recording have. */
const maxCues = 5_000
const time = '(?:(\\d{1,4}):)?(\\d{1,2}):(\\d{1,2})[.,](\\d{1,3})'
const timing = new RegExp(`^\\s*${time}\\s*-->\\s*${time}`)
/** Markup within a cue: `<i>`, `<c.yellow>`, `<00:01.000>` and `{\an8}`. */
const markup = /<[^<>\n]*>|\{\\[^{}\n]*\}/g
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', nbsp: ' ', lrm: '', rlm: '' }

/** The cues of a file in their order. Lines outside of cues, such as numbers, notes and styles, are left out. */
export function subtitleCues(file: string): SubtitleCue[] {
  const cues: SubtitleCue[] = []
  let open: SubtitleCue | null = null
  for (const line of file.split(/\r\n?|\n/)) {
    const found = timing.exec(line)
    if (found) {
      if (cues.length === maxCues) break
      const parts = found.slice(1)
      open = { startMs: milliseconds(parts.slice(0, 4)), endMs: milliseconds(parts.slice(4)), text: '' }
      cues.push(open)
    } else if (line.trim() === '') {
      open = null
    } else if (open) {
      open.text += (open.text && '\n') + plainText(line)
    }
  }
  return cues.filter(({ text }) => text !== '')
}

function milliseconds([hours = '0', minutes, seconds, fraction = '']: (string | undefined)[]): number {
  return (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000 + Number(fraction.padEnd(3, '0'))
}

const plainText = (line: string): string =>
  line
    .replace(markup, '')
    .replace(/&(\w{2,4});/g, (whole, name: string) => entities[name] ?? whole)
    .trim()
