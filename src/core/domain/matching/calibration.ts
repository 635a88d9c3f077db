/**
 * Calibrates computed probabilities: the table has the lower bound of the share of cases in which they were right, measured
 * by test/bench/matching-calibration.ts on histories with known truth.
 */
import table from './calibration.json' with { type: 'json' }

/** `pair`: this batch belongs to the charge. `delivered`: any batch does. */
export type Claim = 'pair' | 'delivered'

/** The day on which the table was made, which is its version. */
export const calibrationVersion = table.made

/** The calibrated probability, interpolated between the points of the table. */
export function calibrated(claim: Claim, probability: number): number {
  const points = table[claim] as [computed: number, right: number][]
  const next = points.findIndex(([computed]) => computed >= probability)
  const [x1, y1] = points[next] ?? [1, points.at(-1)?.[1] ?? 1]
  const [x0, y0] = points[next - 1] ?? [0, 0]
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (probability - x0)) / (x1 - x0)
}
