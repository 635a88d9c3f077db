import type { DayTotals } from '../../../shared/views.ts'

/** A day's column in pixels: its slot in the plot and its bars, charges upwards and refunds downwards. */
export interface Column extends DayTotals {
  slot: { x: number; width: number }
  bar: { x: number; width: number }
  chargedHeight: number
  refundedHeight: number
  /** Whether the date is drawn below the column. */
  labelled: boolean
}

interface ChartLayout {
  ticks: { value: number; y: number }[]
  baseline: number
  left: number
  columns: Column[]
}

const leastAxisWidth = 34
const characterWidth = 7
const axisGap = 8
const labelSpacing = 64
const labelHeight = 24
const lineHeight = 8
const widestBar = 14
const leastBar = 2

/** Lays out the columns of `days`, oldest first, in a width and height in pixels. Both directions share a scale. */
export function layoutDays(days: readonly DayTotals[], width: number, height: number): ChartLayout {
  const most = Math.max(...days.map((day) => day.charged))
  const mostBack = Math.max(...days.map((day) => day.refunded))
  const step = niceStep(most / 2)
  const top = Math.ceil(most / step) * step
  const scale = (height - lineHeight - labelHeight) / (top + mostBack || 1)
  const yOf = (value: number) => lineHeight + (top - value) * scale
  const heightOf = (value: number) => (value > 0 ? Math.max(leastBar, value * scale) : 0)

  const left = Math.max(leastAxisWidth, top.toLocaleString('en').length * characterWidth + axisGap)
  const slotWidth = (width - left) / days.length
  const barWidth = Math.min(widestBar, slotWidth * 0.66)
  const labelEvery = Math.ceil(labelSpacing / slotWidth)
  const columns = days.map((day, index): Column => {
    const x = left + index * slotWidth
    return {
      ...day,
      slot: { x, width: slotWidth },
      bar: { x: x + (slotWidth - barWidth) / 2, width: barWidth },
      chargedHeight: heightOf(day.charged),
      refundedHeight: heightOf(day.refunded),
      labelled: (days.length - 1 - index) % labelEvery === 0,
    }
  })
  const ticks = Array.from({ length: top / step + 1 }, (_, index) => ({ value: index * step, y: yOf(index * step) }))
  return { ticks, baseline: yOf(0), left, columns }
}

/** The smallest of 1, 2, 5, 10, 20, 50 … that is at least `value`. */
function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)))
  return ([1, 2, 5].find((factor) => factor * power >= value) ?? 10) * power
}
