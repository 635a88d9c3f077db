/** From bytes to tables of text cells. Knows nothing of what the cells mean; see core/domain/import for that. */
import type {
  Coded,
  ImportEncoding,
  ImportFormat,
  ImportNotice,
  ImportProblemCode,
  SourceTable,
} from '../../../shared/imports.ts'
import { decode } from './decode.ts'
import { readDelimited } from './delimited.ts'
import { limits, ReadProblem } from './problems.ts'

export interface ReadInput {
  bytes: Uint8Array
  /** Chosen by the user, instead of the one found. */
  encoding?: ImportEncoding
}

export interface ReadTables {
  format: ImportFormat
  /** Null if the format states it, as XLSX does. */
  encoding: ImportEncoding | null
  /** Other encodings in which the bytes are valid; empty if there is no doubt. */
  encodingCandidates: ImportEncoding[]
  /** Best first; at least one. */
  tables: SourceTable[]
  notices: ImportNotice[]
}

export type ReadAnswer = { ok: true; read: ReadTables } | { ok: false; problem: Coded<ImportProblemCode> }

/** Reads a source. Every failure is a problem with a code; nothing is thrown. */
export async function readTables(input: ReadInput): Promise<ReadAnswer> {
  try {
    return { ok: true, read: await readWhole(input) }
  } catch (error) {
    if (error instanceof ReadProblem) return { ok: false, problem: error.problem }
    return { ok: false, problem: { code: 'internal', params: {} } }
  }
}

async function readWhole({ bytes, encoding: chosen }: ReadInput): Promise<ReadTables> {
  if (bytes.length === 0) throw new ReadProblem('empty')
  if (bytes.length > limits.bytes) throw new ReadProblem('too_large', { limit: limits.bytes })
  const { text, encoding, candidates } = decode(bytes, chosen)
  if (text.trim() === '') throw new ReadProblem('empty')
  const { table, notices } = readDelimited(text)
  return { format: 'delimited', encoding, encodingCandidates: candidates, tables: [table], notices }
}
