import { Fragment } from 'react'
import type { TextRange } from '../../../shared/views.ts'
import styles from './highlighted.module.css'

interface HighlightedProps {
  text: string
  /** Sorted and without overlaps. */
  ranges?: readonly TextRange[]
}

/** A text with highlighted search matches. */
export function Highlighted({ text, ranges = [] }: HighlightedProps) {
  return (
    <>
      {ranges.map(([start, end], index) => (
        <Fragment key={start}>
          {text.slice(ranges[index - 1]?.[1] ?? 0, start)}
          <mark className={styles.match}>{text.slice(start, end)}</mark>
        </Fragment>
      ))}
      {text.slice(ranges.at(-1)?.[1] ?? 0)}
    </>
  )
}
