import { type CSSProperties, type KeyboardEvent, memo, type PointerEvent, useMemo, useState } from 'react'
import { msPerDay } from './list-page.ts'
import styles from './scrubber.module.css'
import {
  adjacentDay,
  type Bucket,
  dayAtShare,
  dayBefore,
  layOutScrubber,
  type ScrubberDay,
  shareOf,
} from './scrubber-layout.ts'

/** The widths of the longest and of the shortest bar, in pixels. */
const longest = 22
const shortest = 2

/** The words of the scrubber. `at` is a time of the day, month or year. */
export interface ScrubberTexts {
  label: string
  day: (at: number) => string
  month: (at: number) => string
  year: (at: number) => string
  /** The sums of the week or month that a day is in. */
  sums: (bucket: Pick<Bucket, 'amount' | 'highlighted'>) => string
}

interface ScrubberProps {
  /** Newest first, at least one. */
  days: readonly ScrubberDay[]
  /** A time of the day at the top of the list. */
  at: number | null
  texts: ScrubberTexts
  /** Called with the beginning of the day to go to. */
  onGo: (day: number) => void
}

/** The whole history as a slider beside the list, with a bar per week or month. */
export const Scrubber = memo(function Scrubber({ days, at, texts, onGo }: ScrubberProps) {
  const layout = useMemo(() => layOutScrubber(days), [days])
  const bars = useMemo(() => barsOf(layout.buckets, layout), [layout])
  /** The height of the pointer, as a share of the whole. */
  const [pointed, setPointed] = useState<number | null>(null)
  const [hasFocus, setHasFocus] = useState(false)

  const current = (at === null ? null : dayBefore(days, at + 1)) ?? days.at(-1)
  if (!current) return null
  const described = pointed === null ? current : (dayAtShare(days, layout, pointed) ?? current)
  const textOf = ({ day }: ScrubberDay) => {
    const bucket = layout.buckets.find(({ from }) => from <= day) ?? { amount: 0, highlighted: 0 }
    return { date: texts.day(day + msPerDay / 2), sums: texts.sums(bucket) }
  }
  const { date, sums } = textOf(described)

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
      aria-label={texts.label}
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
      {layout.ticks.map((tick) => (
        <span
          key={tick.at}
          className={`num ${styles.tick} ${tick.isYear ? styles.year : ''}`}
          style={{ '--at': shareOf(layout, tick.at) } as CSSProperties}
        >
          {tick.isLabelled && (tick.isYear ? texts.year(tick.at + msPerDay / 2) : texts.month(tick.at + msPerDay / 2))}
        </span>
      ))}
      <svg className={styles.bars} viewBox={`0 0 ${longest} 1000`} preserveAspectRatio="none" aria-hidden="true">
        <path className={styles.amount} d={bars.amount} />
        <path className={styles.highlighted} d={bars.highlighted} />
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

function dayForKey(days: readonly ScrubberDay[], from: ScrubberDay, key: string): ScrubberDay | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowLeft':
      return adjacentDay(days, from, 'older', false)
    case 'ArrowUp':
    case 'ArrowRight':
      return adjacentDay(days, from, 'newer', false)
    case 'PageDown':
      return adjacentDay(days, from, 'older', true)
    case 'PageUp':
      return adjacentDay(days, from, 'newer', true)
    case 'Home':
      return days.at(-1)
    case 'End':
      return days[0]
    default:
      return undefined
  }
}

/** The bars as SVG paths from the right edge: the highlighted amount, then, after a gap, the rest. */
function barsOf(buckets: readonly Bucket[], range: { newest: number; oldest: number }) {
  const most = Math.max(...buckets.map((bucket) => bucket.amount), 1)
  const widthOf = (amount: number) => (amount > 0 ? Math.max(shortest, (amount / most) * longest) : 0)
  let amount = ''
  let highlighted = ''
  for (const bucket of buckets) {
    const [top, bottom] = [shareOf(range, bucket.to) * 1000, shareOf(range, bucket.from) * 1000]
    const gap = (bottom - top) * 0.2
    const bar = (from: number, to: number) =>
      `M${longest - from} ${top + gap / 2}H${longest - to}V${bottom - gap / 2}H${longest - from}Z`
    const width = widthOf(bucket.amount)
    const highlightedWidth = widthOf(bucket.highlighted)
    if (highlightedWidth > 0) highlighted += bar(0, highlightedWidth)
    const start = highlightedWidth > 0 ? highlightedWidth + 1 : 0
    if (width > start) amount += bar(start, width)
  }
  return { amount, highlighted }
}
