/** The readings of a run and their tables in Markdown. */

export type Goal = { atMost: number } | { atLeast: number }

/** A reading; with two values its median and its 99th percentile. */
export interface Reading {
  table: string
  name: string
  unit: string
  /** Size of the account. */
  jobs: number
  /** The conditions, if a table has several. */
  column?: string
  values: readonly [number] | readonly [p50: number, high: number]
  goal?: Goal
}

const format = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3 })

/** All tables, beginning with the goals at the largest size. */
export function renderReport(readings: readonly Reading[]): string {
  const names = [...new Set(readings.map(({ table }) => table))]
  return [renderGoals(readings), ...names.map((name) => renderReadings(name, readings))].join('\n\n')
}

/** The readings with a goal, at the largest measured size. */
function renderGoals(readings: readonly Reading[]): string {
  const largest = Math.max(...readings.map(({ jobs }) => jobs))
  const rows = readings
    .filter(({ goal, jobs }) => goal && jobs === largest)
    .map((reading) => {
      const { name, unit, column, values, goal } = reading
      const value = values.at(-1) as number
      return [
        [name, column].filter(Boolean).join(', '),
        describe(goal as Goal, unit),
        withUnit(value, unit),
        verdict(value, goal as Goal),
      ]
    })
  return renderTable([`Goals at ${format(largest)} jobs`, 'goal', 'measured', ''], rows)
}

const withUnit = (value: number, unit: string) => [format(value), unit].filter(Boolean).join(' ')

const describe = (goal: Goal, unit: string) =>
  'atMost' in goal ? `≤ ${withUnit(goal.atMost, unit)}` : `≥ ${withUnit(goal.atLeast, unit)}`

export function verdict(value: number, goal: Goal): string {
  const [limit, over] = 'atMost' in goal ? [goal.atMost, value - goal.atMost] : [goal.atLeast, goal.atLeast - value]
  if (over <= 0) return 'met'
  return limit === 0 ? 'missed' : `missed by ${format((100 * over) / limit)} %`
}

function renderReadings(table: string, all: readonly Reading[]): string {
  const readings = all.filter((reading) => reading.table === table)
  const columns = [
    ...new Map(readings.map(({ jobs, column = '' }) => [`${jobs} ${column}`, { jobs, column }])).values(),
  ]
  const names = [...new Map(readings.map(({ name, unit }) => [name, unit]))]
  const rows = names.map(([name, unit]) => [
    unit ? `${name}, ${unit}` : name,
    ...columns.map(({ jobs, column }) => {
      const found = readings.find((one) => one.name === name && one.jobs === jobs && (one.column ?? '') === column)
      return found?.values.map(format).join(' / ') ?? ''
    }),
  ])
  const heads = columns.map(({ jobs, column }) => [format(jobs), column].filter(Boolean).join(' '))
  return renderTable([table, ...heads], rows)
}

/** A Markdown table with aligned columns. */
export function renderTable(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)))
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
