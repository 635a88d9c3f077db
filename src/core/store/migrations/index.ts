import type Database from 'better-sqlite3'
import { first } from './0001-first.ts'

/** Every schema change, oldest first; the number of the last one is the file's `user_version`. Never edit one that shipped. */
export const migrations: readonly string[] = [first]

/** Brings an open database up to `target` (all migrations by default), one transaction per step. */
export function migrate(database: Database.Database, target: number = migrations.length): void {
  const version = () => database.pragma('user_version', { simple: true }) as number
  for (let next = version() + 1; next <= target; next++) {
    database
      .transaction(() => {
        database.exec(migrations[next - 1] as string)
        database.pragma(`user_version = ${next}`)
      })
      .immediate()
  }
}
