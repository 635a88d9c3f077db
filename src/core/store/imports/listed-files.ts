/**
 * Files of folders that are results of the service's jobs: they have the same content, or the id of the result as their name and
 * the same kind. The Library shows them once, as the job of the service.
 */
import type { Readable } from '../handles.ts'
import { isFromService } from '../schema/views.ts'
import { scalar } from '../statement.ts'

/** SQL that joins a result `r` of the service and its file `f`, by the content or by the name. */
const sameContent = 'f.sha256 = r.sha256'
const sameName = `f.stem = r.result_id AND f.sha256 IS NOT NULL AND f.kind = substr(r.mime_type, 1, instr(r.mime_type, '/') - 1)`

/** `INDEXED BY` needs an existing index, and a database without folders has no index by result id. */
const isListedSql = (
  condition: string,
  indexed = '',
) => `SELECT 1 FROM folder_files f INDEXED BY folder_files_by_content
  CROSS JOIN import_batches b ON b.batch_id = f.batch_id AND b.account_id = @accountId AND b.undone_at IS NULL
  CROSS JOIN results r ${indexed} ON ${condition} AND r.url IS NOT NULL
  CROSS JOIN jobs j ON j.row_id = r.job_row_id AND j.account_id = @accountId AND j.${isFromService}
  WHERE f.sha256 = @sha256`

/** Whether this content is a result of a job of the service in this account, by its content or by the name of a file. */
export const isListedResult = (database: Readable, accountId: number, sha256: string): boolean =>
  scalar<[object], number>(
    database,
    `SELECT EXISTS (${isListedSql(sameContent, 'INDEXED BY results_by_content')}) OR EXISTS (${isListedSql(sameName)})`,
  ).get({ accountId, sha256 }) === 1

const filesOfJob = (column: string, indexed: string, condition: string) => `SELECT ${column} FROM results r
  CROSS JOIN folder_files f INDEXED BY ${indexed} ON ${condition}
  CROSS JOIN import_batches b ON b.batch_id = f.batch_id
  WHERE r.job_row_id = @rowId AND r.url IS NOT NULL AND b.account_id = @accountId AND b.undone_at IS NULL`
/** SQL for a column of the files that are results of a job; limited, because a folder may be full of copies. */
const filesSql = (column: string) => `${filesOfJob(column, 'folder_files_by_content', sameContent)}
  UNION ALL ${filesOfJob(column, 'folder_files_by_stem', sameName)} LIMIT 1000`
const contentsSql = filesSql('f.sha256')
/** With the subtitles beside the files. */
const pathsSql = `SELECT path FROM (${filesSql('f.path')})
  UNION ALL SELECT s.path FROM (${filesSql('f.file_id AS file_id')}) named
    CROSS JOIN folder_files s INDEXED BY folder_files_by_companion ON s.beside = named.file_id`

/** The contents of folders that are results of a job of the service. */
export const contentsOfJob = (database: Readable, accountId: number, rowId: number): string[] =>
  scalar<[object], string>(database, contentsSql).all({ accountId, rowId })

/** The paths of the files that are results of a job of the service, and of the subtitles beside them, in their order. */
export const pathsOfJob = (database: Readable, accountId: number, rowId: number): string[] => [
  ...new Set(scalar<[object], string>(database, pathsSql).all({ accountId, rowId }).sort()),
]

/** Whether an account has any folder, undone or not. */
export const hasFolders = (database: Readable, accountId: number): boolean =>
  scalar<[number], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM folders d CROSS JOIN import_batches b ON b.batch_id = d.batch_id WHERE b.account_id = ?)`,
  ).get(accountId) === 1
