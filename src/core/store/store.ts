import type Database from 'better-sqlite3'

declare const writable: unique symbol
/** A connection that queries take. */
export type Readable = Database.Database
/** A connection that may write: only the writer has one, and a query cannot be given the right to write by accident. */
export type Writable = Database.Database & { readonly [writable]: true }

export interface Store {
  reader: Readable
  writer: Writable | null
  close(): void
}

/** Opens (and creates, and migrates) `carat.db` for writing, and takes the lock of the data folder. Throws `AppError`. */
export declare function openStore(dataDir: string): Store
/** Opens an existing `carat.db` beside its writer. */
export declare function openReader(dataDir: string): Store
