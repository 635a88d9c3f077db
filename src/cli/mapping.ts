/** The option `--mapping`: changes of how a table is understood, as JSON or as the path of a JSON file. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { isZone } from '../core/domain/import/zones.ts'
import { isWithinLimit } from '../core/routes/input-limit.ts'
import { AppError } from '../shared/errors.ts'
import type { ImportPreview } from '../shared/import-views.ts'
import {
  type ColumnRole,
  columnRoles,
  dateOrders,
  type Reading,
  type SourceTable,
  signRules,
} from '../shared/imports.ts'
import { userPath } from './export.ts'

/** Of a mapping file: far more than 500 columns need. */
const maxBytes = 1_048_576

const Mapping = z.strictObject({
  /** Roles by heading, or by the number of the column from 1. */
  columns: z.record(z.string(), z.enum(columnRoles)).optional(),
  /** The number of the heading row in the source from 1; null if there is none. */
  headingRow: z.number().int().min(1).nullable().optional(),
  dateOrder: z.enum(dateOrders).optional(),
  zone: z.string().refine(isZone).optional(),
  signRule: z.enum(signRules).optional(),
})

/** Applies the mapping to a guessed reading. Throws `invalid_argument` for anything that is no mapping of this table. */
export function mappedReading(text: string, { reading }: ImportPreview, table: SourceTable | undefined): Reading {
  const refuse = () => new AppError('invalid_argument', { option: '--mapping', value: shortened(text) })
  const parsed = Mapping.safeParse(parseJson(text, refuse))
  if (!parsed.success || !table) throw refuse()
  const { columns = {}, headingRow, ...changes } = parsed.data
  const heading =
    headingRow === undefined ? reading.headingRow : headingRow === null ? null : table.origins.indexOf(headingRow)
  const headings = heading === null ? [] : (table.rows[heading] ?? []).map((cell) => cell.trim())
  const roles: ColumnRole[] = [...reading.columns]
  for (const [name, role] of Object.entries(columns)) {
    const index = headings.includes(name) ? headings.indexOf(name) : Number(name) - 1
    if (!Number.isInteger(index) || index < 0 || index >= roles.length) throw refuse()
    // A role that one column can have moves to the column that is named.
    const before = role === 'text' || role === 'part' ? -1 : roles.indexOf(role)
    if (before >= 0) roles[before] = 'ignored'
    roles[index] = role
  }
  return { ...reading, ...changes, headingRow: heading, columns: roles }
}

const shownText = 100
const shortened = (text: string) => (text.length > shownText ? `${text.slice(0, shownText)}…` : text)

function parseJson(text: string, refuse: () => AppError): unknown {
  try {
    const isFile = !text.trimStart().startsWith('{') && existsSync(userPath(text))
    if (isFile && statSync(userPath(text)).size > maxBytes) throw refuse()
    const mapping: unknown = JSON.parse(isFile ? readFileSync(userPath(text), 'utf8') : text)
    if (!isWithinLimit(mapping)) throw refuse()
    return mapping
  } catch {
    throw refuse()
  }
}
