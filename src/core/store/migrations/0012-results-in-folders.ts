import type Database from 'better-sqlite3'

/** Finds the results of a service that a file of a folder holds: by their content, or by their id in the name of the file. */
export function resultsInFolders(database: Database.Database): void {
  database.exec(`
    -- The name of the file without its ending, if it is long enough to be an id.
    ALTER TABLE folder_files ADD COLUMN stem TEXT;
    CREATE INDEX folder_files_by_stem ON folder_files (stem) WHERE stem IS NOT NULL AND sha256 IS NOT NULL;
    CREATE INDEX results_by_content ON results (sha256) WHERE sha256 IS NOT NULL AND url IS NOT NULL;
    CREATE INDEX results_by_id ON results (result_id) WHERE url IS NOT NULL;
  `)
  const files = database.prepare<[], { file_id: number; path: string }>('SELECT file_id, path FROM folder_files')
  const save = database.prepare('UPDATE folder_files SET stem = ? WHERE file_id = ?')
  for (const { file_id, path } of files.all()) save.run(stemOf(path), file_id)
}

function stemOf(path: string): string | null {
  const stem = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.[^.]*$/, '')
    .normalize()
  return stem.length >= 8 ? stem : null
}
