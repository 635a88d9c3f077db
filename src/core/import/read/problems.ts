import type { Coded, ImportProblemCode } from '../../../shared/imports.ts'

export const limits = {
  /** Of the source. */
  bytes: 64 * 2 ** 20,
  /** Of all tables of the source together. */
  rows: 300_000,
  columns: 500,
  /** UTF-16 units of one cell. */
  cell: 65_536,
  /** Of a packed file once it is unpacked, and how many times larger than packed. */
  unpackedBytes: 200 * 2 ** 20,
  unpackRatio: 200,
}

/** The reason why a source cannot be read. */
export class ReadProblem extends Error {
  readonly problem: Coded<ImportProblemCode>

  constructor(code: ImportProblemCode, params: Coded<ImportProblemCode>['params'] = {}) {
    super(code)
    this.problem = { code, params }
  }
}

/** Checks a row before it joins a table. `origin` is its number in the source, `count` the number of rows so far. */
export function checkRow(cells: readonly string[], origin: number, count: number): void {
  if (count >= limits.rows) throw new ReadProblem('too_many_rows', { limit: limits.rows })
  if (cells.length > limits.columns) throw new ReadProblem('too_many_columns', { limit: limits.columns, row: origin })
  for (const cell of cells) {
    if (cell.length > limits.cell) throw new ReadProblem('cell_too_long', { row: origin, limit: limits.cell })
  }
}
