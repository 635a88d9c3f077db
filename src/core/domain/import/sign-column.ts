import type { SourceTable } from '../../../shared/imports.ts'
import { readAmount } from './amounts.ts'
import { sampleOf } from './profile.ts'
import { normal } from './written-times.ts'

const isSign = (cell: string | undefined): boolean => /^[+-]$/.test(normal(cell ?? ''))
const isUnsigned = (cell: string | undefined): boolean => {
  const read = readAmount(cell ?? '')
  return read !== null && 'amount' in read && !read.signed
}

/** Joins a separate column of signs with the unsigned amounts beside it; other tables stay as they are. */
export function withSigns(table: SourceTable): SourceTable {
  const sample = sampleOf(table.rows)
  const width = Math.max(0, ...sample.map((cells) => cells.length))
  for (let column = 0; column < width; column++) {
    const signed = sample.filter((cells) => isSign(cells[column]))
    const kinds = new Set(signed.map((cells) => normal(cells[column] ?? '')))
    // In many tables, a lone dash means an empty cell.
    if (kinds.size < 2) continue
    const beside = [column + 1, column - 1].find((other) => signed.every((cells) => isUnsigned(cells[other])))
    if (beside !== undefined) return { ...table, rows: table.rows.map((cells) => joined(cells, column, beside)) }
  }
  return table
}

function joined(cells: string[], column: number, amount: number): string[] {
  if (!isSign(cells[column]) || !isUnsigned(cells[amount])) return cells
  return cells.map((cell, index) => (index === amount ? normal(cells[column] ?? '') + cell.trim() : cell))
}
