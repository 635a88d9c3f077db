/** Reads imported tables again: in another reading of the user, or in the zone that the rows of the service prove. */
import type { ImportPreview } from '../../shared/import-views.ts'
import type { Guess, ImportFormat, Reading, SourceTable } from '../../shared/imports.ts'
import { withReasons } from '../domain/import/remembered.ts'
import { guessReading, understand } from '../domain/import/understand.ts'
import { zoneAtShift } from '../domain/import/zone-shift.ts'
import { parseStoredRecord } from '../store/file/errors.ts'
import type { Readable, Writable } from '../store/handles.ts'
import { type BatchRow, daysOfBatch, findBatch, saveZoneBefore, tableOf } from '../store/imports/imports.ts'
import { batchesOnDays, listedShift } from '../store/imports/listed-shift.ts'
import { redoBatch, rereadBatch } from './batches.ts'
import { knownZone } from './known-zone.ts'
import { type Destination, withSeam } from './seam.ts'
import { agreedTo, type ImportChoice, previewOf, unstated, zone } from './table-import.ts'
import { tableRows } from './table-rows.ts'

/**
 * Previews another reading of an imported table, or another choice at its seam, and writes nothing. Throws `import_unknown`.
 */
export function previewReading(
  database: Readable,
  batchId: number,
  { reading, further }: Pick<ImportChoice, 'reading' | 'further'>,
): ImportPreview {
  const batch = findBatch(database, batchId)
  const table = storedTable(database, batchId)
  const chosen = reading ?? readingOf(batch)
  const understanding = understand(table, { now: batch.importedAt, zone, reading: chosen })
  const destination = { database, accountId: batch.accountId, batchId }
  const rows = tableRows(table, understanding)
  const guessed = guessReading(table, { now: batch.importedAt, zone })
  const guesses = withReasons(guessed.guesses, chosen, table, 'remembered')
  const found = {
    table,
    layout: batch.layout,
    guessed: guessed.reading,
    understanding: {
      ...understanding,
      guesses: guesses.map((guess) =>
        guess.about === 'zone' ? zoneGuess(guess, destination, table, batch, chosen) : guess,
      ),
    },
    isRemembered: reading === null,
  }
  return {
    source: batch.source,
    format: batch.format as ImportFormat,
    encoding: null,
    encodings: [],
    notices: [],
    tables: [{ name: '', rows: table.rows.length }],
    table: 0,
    jobs: null,
    ...previewOf(found, destination, withSeam(destination, rows, further)),
  }
}

/** The guess about the zone, with a zone that the rows of the account prove: the one of the reading, or a better one. */
function zoneGuess(
  guess: Guess,
  destination: Destination,
  table: SourceTable,
  { importedAt, zoneBefore }: BatchRow,
  chosen: Reading,
): Guess {
  const provenFor = (reading: Reading) =>
    knownZone(destination, tableRows(table, understand(table, { now: importedAt, zone, reading })), reading)
  const better = provenFor(chosen)
  if (better) return { ...guess, runnerUp: better }
  const proven = zoneBefore === null ? null : provenFor({ ...chosen, zone: zoneBefore })
  if (zoneBefore === null || proven?.as !== chosen.zone) return guess
  return { ...guess, ...proven, runnerUp: { as: zoneBefore, because: unstated } }
}

/** Reads an imported table again. Throws `import_empty` and `import_unknown`. */
export function rereadTable(
  database: Writable,
  batchId: number,
  { reading, further }: { reading: Reading; further?: readonly number[] | undefined },
  now: number,
): BatchRow {
  const { importedAt, accountId } = findBatch(database, batchId)
  const table = storedTable(database, batchId)
  // Times such as 어제 mean the day before the import.
  const understanding = understand(table, { now: importedAt, zone, reading })
  const guessed = guessReading(table, { now: importedAt, zone }).reading
  const agreed = agreedTo({ table, understanding, guessed }, { database, accountId, batchId }, further, importedAt)
  return rereadBatch(database, batchId, agreed, now)
}

/**
 * Reads tables again whose rows the service lists at other hours, in the zone that this proves. A table is corrected once; if the
 * user then chooses the zone from before, it stays. `days` are those whose rows have changed. Runs inside the caller's transaction.
 */
export function correctZones(database: Writable, accountId: number, days: ReadonlySet<number>, now: number): void {
  for (const [batchId, near] of batchesOnDays(database, accountId, days)) {
    const shift = listedShift(database, accountId, { batchId, accountId }, near)
    if (!shift) continue
    const reading = readingOf(findBatch(database, batchId))
    const corrected = { ...reading, zone: zoneAtShift(reading.zone, shift.hours, shift.at) }
    if (statesZone(database, batchId, reading, corrected)) continue
    rereadTable(database, batchId, { reading: corrected }, now)
    saveZoneBefore(database, batchId, reading.zone)
  }
}

/** Whether the times of a table state their zone, so that they are the same in every reading. */
function statesZone(database: Readable, batchId: number, one: Reading, other: Reading): boolean {
  const table = storedTable(database, batchId)
  const { importedAt } = findBatch(database, batchId)
  const [first, second] = [one, other].map(
    (reading) => understand(table, { now: importedAt, zone, reading }).rows[0]?.occurredAt,
  )
  return first === second
}

/** Counts an undone table again. The service may list its rows by now. Throws `import_unknown`. */
export function redoImport(database: Writable, batchId: number, now: number): BatchRow {
  const redo = database.transaction(() => {
    const batch = redoBatch(database, batchId, now)
    correctZones(database, batch.accountId, new Set(daysOfBatch(database, batchId)), now)
    return findBatch(database, batchId)
  })
  return redo.immediate()
}

const readingOf = ({ reading }: BatchRow): Reading => parseStoredRecord<Reading>(reading, 'columns')

function storedTable(database: Readable, batchId: number): SourceTable {
  const rows = tableOf(database, batchId)
  return { name: '', rows: rows.map(({ cells }) => cells), origins: rows.map(({ origin }) => origin) }
}
