/** The handles of an open `carat.db`. All other files of the store import them, so this file imports none of those. */
import type { Database } from 'better-sqlite3'

declare const writable: unique symbol
/** A connection for queries. */
export type Readable = Database
/** A connection that may write. Only the writer has one: a function that writes does not compile with a `Readable`. */
export type Writable = Database & { readonly [writable]: true }

/** An open `carat.db` beside the process or thread that owns the writes. */
export interface ReadStore {
  reader: Readable
  close(): void
}

/** An open `carat.db` with the only connection that may write. */
export interface Store extends ReadStore {
  writer: Writable
}
