import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DayTotals } from '../../../shared/views.ts'
import { middleDot } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import styles from './day-chart.module.css'
import { type Column, layoutDays } from './day-chart-layout.ts'

interface DayChartProps {
  /** Oldest first; the last day is today. */
  days: readonly DayTotals[]
  height: number
}

/** Charged (up) and refunded (down) credits per day, and the same numbers as a table for screen readers. */
export function DayChart({ days, height }: DayChartProps) {
  const [figure, width] = useWidth<HTMLElement>()
  const format = useFormat()
  const layout = layoutDays(days, width, height)
  return (
    <figure ref={figure} className={styles.figure}>
      {width > 0 && (
        <svg width={width} height={height} className={styles.chart} aria-hidden>
          {layout.ticks.map(({ value, y }) => (
            <g key={value}>
              <line x1={layout.left} x2={width} y1={y} y2={y} className={value === 0 ? styles.base : styles.grid} />
              <text x={layout.left - 8} y={y + 4} textAnchor="end">
                {format.number(value)}
              </text>
            </g>
          ))}
          {layout.columns.map((column, index) => (
            <Day key={column.day} column={column} {...layout} height={height} today={index === days.length - 1} />
          ))}
        </svg>
      )}
      <DayTable days={days} />
    </figure>
  )
}

interface DayProps {
  column: Column
  baseline: number
  height: number
  today: boolean
}

function Day({ column, baseline, height, today }: DayProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { day, slot, bar, charged, refunded } = column
  const at = noonOf(day)
  return (
    <Tooltip content={`${format.weekday(at)}${middleDot}${t('credits.daySums', { charged, refunded })}`}>
      <g className={styles.day}>
        <rect x={slot.x} y={0} width={slot.width} height={height - 20} className={styles.slot} />
        <rect
          x={bar.x}
          y={baseline - column.chargedHeight}
          width={bar.width}
          height={column.chargedHeight}
          rx={1.5}
          className={styles.charged}
        />
        <rect
          x={bar.x}
          y={baseline + 1}
          width={bar.width}
          height={column.refundedHeight}
          rx={1.5}
          className={styles.refunded}
        />
        {column.labelled && (
          <text
            x={today ? slot.x + slot.width : bar.x + bar.width / 2}
            y={height - 4}
            textAnchor={today ? 'end' : 'middle'}
            className={today ? styles.today : undefined}
          >
            {(today && format.nearDay(at)) || format.date(at)}
          </text>
        )}
      </g>
    </Tooltip>
  )
}

function DayTable({ days }: { days: readonly DayTotals[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className="sr-only">
      <table>
        <caption>{t('credits.chart', { count: days.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('credits.day')}</th>
            <th scope="col">{t('credits.charged')}</th>
            <th scope="col">{t('credits.refunded')}</th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, charged, refunded }) => (
            <tr key={day}>
              <th scope="row">{format.weekday(noonOf(day))}</th>
              <td>{format.number(charged)}</td>
              <td>{format.number(refunded)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Noon of a local day, to format the day. */
const noonOf = (day: string) => Date.parse(`${day}T12:00:00`)

/** The width of an element in pixels, for drawings in it; 0 until it is measured. */
function useWidth<E extends HTMLElement>(): [RefObject<E | null>, number] {
  const element = useRef<E>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return [element, width]
}
