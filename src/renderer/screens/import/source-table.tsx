import { useTranslation } from 'react-i18next'
import type { ImportPreview } from '../../../shared/import-views.ts'
import { type ColumnRole, columnRoles, type Guess, type Reading } from '../../../shared/imports.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { Select, type SelectOption, type SelectSection } from '../../ui/select.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import styles from './panes.module.css'
import { withRole } from './reading.ts'
import { useReasons } from './use-reasons.ts'

interface SourceTableProps {
  preview: ImportPreview
  reading: Reading
  guesses: readonly Guess[]
  onReading: (reading: Reading) => void
  labelId: string
}

const roleGroups = {
  when: ['time', 'day', 'clock'],
  credits: ['amount', 'part', 'charged', 'credited', 'balance'],
  words: ['kind', 'feature', 'text', 'model', 'agent'],
} as const satisfies Record<string, readonly ColumnRole[]>

/** The cells as they were read. The heading of each column has a menu with its role. */
export function SourceTable({ preview: { rows, ...preview }, reading, guesses, onReading, labelId }: SourceTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { words, reason } = useReasons({ rows, ...preview }, reading, guesses)
  const width = rows.reduce((most, { cells }) => Math.max(most, cells.length), reading.columns.length)
  const columns = Array.from({ length: width }, (_, column) => column)
  const headings = reading.headingRow === null ? [] : (rows[reading.headingRow]?.cells ?? [])
  const nameOf = (column: number) => headings[column]?.trim() || t('history.column', { number: column + 1 })
  const options = roleOptions(words.role, (group) => t(`history.roleGroup.${group}`))
  return (
    <table className={styles.table} aria-labelledby={labelId}>
      <thead>
        <tr>
          <th scope="col" className={styles.number}>
            <span className="sr-only">{t('history.rowNumber')}</span>
          </th>
          {columns.map((column) => (
            <th scope="col" key={column}>
              <span className={`clip ${styles.heading}`}>{nameOf(column)}</span>
              <Tooltip
                content={<span className="lines">{reason('column', column)}</span>}
                disabled={!reason('column', column)}
              >
                <span className={styles.role}>
                  <Select
                    label={t('history.roleOf', { column: nameOf(column) })}
                    value={reading.columns[column] ?? 'ignored'}
                    options={options}
                    disabled={reading.layout === 'own_export'}
                    aria-describedby={`${labelId}-${column}`}
                    onChange={(value) => {
                      const role = columnRoles.find((known) => known === value) ?? 'ignored'
                      onReading({ ...reading, columns: withRole(reading.columns, column, role) })
                    }}
                  />
                </span>
              </Tooltip>
              <span id={`${labelId}-${column}`} hidden>
                {reason('column', column)}
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, cells, outcome }, index) => (
          <tr key={row} data-outcome={outcome} data-heading={index === reading.headingRow || undefined}>
            <th scope="row" className={`num ${styles.number}`}>
              {format.number(row)}
            </th>
            {columns.map((column) => (
              <td key={column} data-ignored={(reading.columns[column] ?? 'ignored') === 'ignored' || undefined}>
                <span className={`clip ${styles.cell}`} title={cells[column]}>
                  {cells[column]}
                </span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function roleOptions(
  label: (role: ColumnRole) => string,
  group: (name: keyof typeof roleGroups | 'more') => string,
): (SelectOption | SelectSection)[] {
  const toOption = (role: ColumnRole) => ({ value: role, label: label(role) })
  const grouped: readonly ColumnRole[] = Object.values(roleGroups).flat()
  const more = columnRoles.filter((role) => role !== 'ignored' && !grouped.includes(role))
  return [
    toOption('ignored'),
    ...(['when', 'credits', 'words'] as const).map((name) => ({
      label: group(name),
      options: roleGroups[name].map(toOption),
    })),
    { label: group('more'), options: more.map(toOption) },
  ]
}
