import type Database from 'better-sqlite3'

/** Remembers whether the screens show all accounts together. */
export function accountView(database: Database.Database): void {
  database.exec(`
    CREATE TABLE account_view (
      view_id INTEGER PRIMARY KEY CHECK (view_id = 1),
      shows_all INTEGER NOT NULL CHECK (shows_all IN (0, 1))
    ) STRICT;
    INSERT INTO account_view VALUES (1, 0);
  `)
}
