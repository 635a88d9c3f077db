import { type CSSProperties, type KeyboardEvent, memo, type PointerEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobDay } from '../../shared/views.ts'
import { useFormat } from '../i18n/use-format.tsx'
import { msPerDay } from './list-page.ts'
import styles from './scrubber.module.css'
import { dayAtShare, dayBefore, dayBeside, layOutScrubber, type Span, shareOf } from './scrubber-layout.ts'

/** The width of the longest bar, and the least of one that must be seen, in pixels. */
const longest = 22
const least = 2

interface ScrubberProps {
  /** Newest first, at least one. */
  days: readonly JobDay[]
  /** A moment of the day at the top of the list. */
  at: number | null
  /** Goes to a day. */
  onGo: (day: number) => void
}

/** The whole history as a slider beside the list, with the credits that were charged and lost from span to span. */
export const Scrubber = memo(function Scrubber({ days, at, onGo }: ScrubberProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const layout = useMemo(() => layOutScrubber(days), [days])
  const bars = useMemo(() => barsOf(layout.spans, layout), [layout])
  /** Where the pointer is, as a share of the height. */
  const [pointed, setPointed] = useState<number | null>(null)
  const [hasFocus, setHasFocus] = useState(false)

  const current = (at === null ? null : dayBefore(days, at + 1)) ?? days.at(-1)
  if (!current) return null
  const said = pointed === null ? current : (dayAtShare(days, layout, pointed) ?? current)
  const textOf = ({ day }: JobDay) => {
    const { charged, lost } = layout.spans.find((span) => span.from <= day) ?? { charged: 0, lost: 0 }
    return { date: format.weekday(day + msPerDay / 2), sums: t('library.scrubber.sums', { charged, lost }) }
  }
  const { date, sums } = textOf(said)

  const follow = (event: PointerEvent<HTMLElement>) => {
    const { top, height } = event.currentTarget.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientY - top) / height))
    setPointed(share)
    const day = dayAtShare(days, layout, share)
    if (day && event.buttons === 1) onGo(day.day)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = dayForKey(days, current, event.key)
    if (!next || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    onGo(next.day)
  }
  return (
    <div
      className={styles.scrubber}
      role="slider"
      tabIndex={0}
      aria-label={t('library.jump.label')}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={Math.round((layout.newest - layout.oldest) / msPerDay) - 1}
      aria-valuenow={Math.round((current.day - layout.oldest) / msPerDay)}
      aria-valuetext={`${textOf(current).date}, ${textOf(current).sums}`}
      onKeyDown={onKeyDown}
      onFocus={() => setHasFocus(true)}
      onBlur={() => setHasFocus(false)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        follow(event)
      }}
      onPointerMove={follow}
      onPointerLeave={() => setPointed(null)}
    >
      {layout.marks.map((mark) => (
        <span
          key={mark.at}
          className={`num ${styles.mark} ${mark.isYear ? styles.year : ''}`}
          style={{ '--at': shareOf(layout, mark.at) } as CSSProperties}
        >
          {mark.isLabelled &&
            (mark.isYear ? format.dayKey(mark.at + msPerDay / 2).slice(0, 4) : format.month(mark.at + msPerDay / 2))}
        </span>
      ))}
      <svg className={styles.bars} viewBox={`0 0 ${longest} 1000`} preserveAspectRatio="none" aria-hidden="true">
        <path className={styles.charged} d={bars.charged} />
        <path className={styles.lost} d={bars.lost} />
      </svg>
      <span className={styles.here} style={{ '--at': shareOf(layout, current.day + msPerDay / 2) } as CSSProperties} />
      {(pointed !== null || hasFocus) && (
        <span
          className={styles.bubble}
          style={{ '--at': pointed ?? shareOf(layout, current.day + msPerDay / 2) } as CSSProperties}
          aria-hidden
        >
          <strong className="num">{date}</strong>
          <span className="num">{sums}</span>
        </span>
      )}
    </div>
  )
})

function dayForKey(days: readonly JobDay[], from: JobDay, key: string): JobDay | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowLeft':
      return dayBeside(days, from, 'older', false)
    case 'ArrowUp':
    case 'ArrowRight':
      return dayBeside(days, from, 'newer', false)
    case 'PageDown':
      return dayBeside(days, from, 'older', true)
    case 'PageUp':
      return dayBeside(days, from, 'newer', true)
    case 'Home':
      return days.at(-1)
    case 'End':
      return days[0]
    default:
      return undefined
  }
}

/** The bars from the right edge: what was lost, then, after a gap, what else was charged. */
function barsOf(spans: readonly Span[], range: { newest: number; oldest: number }) {
  const most = Math.max(...spans.map((span) => span.charged), 1)
  let charged = ''
  let lost = ''
  for (const span of spans) {
    const [top, bottom] = [shareOf(range, span.to) * 1000, shareOf(range, span.from) * 1000]
    const gap = (bottom - top) * 0.2
    const bar = (from: number, to: number) =>
      `M${longest - from} ${top + gap / 2}H${longest - to}V${bottom - gap / 2}H${longest - from}Z`
    const width = span.charged > 0 ? Math.max(least, (span.charged / most) * longest) : 0
    const lostWidth = span.lost > 0 ? Math.max(least, (span.lost / most) * longest) : 0
    if (lostWidth > 0) lost += bar(0, lostWidth)
    const start = lostWidth > 0 ? lostWidth + 1 : 0
    if (width > start) charged += bar(start, width)
  }
  return { charged, lost }
}
