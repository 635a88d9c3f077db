/**
 * Opens a data folder and rebuilds all pending slices, until it kills itself right before slice `count` is committed.
 */
import Database from 'better-sqlite3'
import type { Writable } from '../../src/core/store/handles.ts'
import { rebuildAll } from '../../src/core/store/projections/projection.ts'
import { openStore } from '../../src/core/store/store.ts'
import { fileEnd } from './projection-file.ts'

const [dataDir = '', count = '1'] = process.argv.slice(2)
let left = Number(count)
const prepare = Database.prototype.prepare
Database.prototype.prepare = function (this: Database.Database, text: string) {
  const statement = prepare.call(this, text)
  if (!text.includes('UPDATE projections SET position')) return statement
  const run = statement.run.bind(statement) as (...values: unknown[]) => Database.RunResult
  statement.run = (...values: unknown[]) => {
    if (--left === 0) process.kill(process.pid, 'SIGKILL')
    return run(...values)
  }
  return statement
} as typeof prepare
rebuildAll(openStore(dataDir).writer as Writable, fileEnd)
