/** The format of archives (docs/archives.md): the names of the entries, and the manifest. */
import { z } from 'zod'
import { tablesOfVersion } from './tables.ts'

export const archiveFormat = 'carat-companion-archive'
export const manifestName = 'manifest.json'
/** The oldest version of the data model in archives. */
export const oldestSchema = 12

const Entry = z.strictObject({
  path: z.string().max(300),
  /** In bytes, unpacked. */
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The number of records; null for a file. */
  records: z.int().nonnegative().nullable(),
})
export type ArchiveEntry = z.infer<typeof Entry>

/** An account of an archive. The paths of its entries begin with `folder`. */
const ArchivedAccount = z.strictObject({
  folder: z.string().max(20),
  id: z.string(),
  signInMethod: z.string(),
  displayName: z.string(),
})
export type ArchivedAccount = z.infer<typeof ArchivedAccount>

/** The part of the manifest that every version can read, to decide whether it supports the archive. */
export const ManifestHead = z.object({ format: z.literal(archiveFormat), schemaVersion: z.int().positive() })

export const Manifest = z.strictObject({
  format: z.literal(archiveFormat),
  schemaVersion: z.int().positive(),
  accounts: z.array(ArchivedAccount).max(1_000),
  entries: z.array(Entry),
})
export type Manifest = z.infer<typeof Manifest>

export const folderOfAccount = (number: number): string => `accounts/${number}`

/** The entry of a table of an account. */
export const tablePath = (folder: string, table: string): string =>
  `${folder}/${table === 'accounts' ? 'account' : table}.json`

/** The folders of files: kept originals and their thumbnails, and the copied files of folders of results. */
const fileFolders = ['originals', 'thumbnails', 'copies'] as const
export type FileFolder = (typeof fileFolders)[number]

/** The entry of a file. `name` is its name in the data folder, a SHA-256; the extension lets other programs open it. */
export const filePath = (folder: string, kind: FileFolder, name: string, extension: string): string =>
  `${folder}/${kind}/${name}.${extension}`

const filePattern = new RegExp(`^(accounts/[1-9]\\d*)/(${fileFolders.join('|')})/([0-9a-f]{64})\\.[a-z0-9]{2,4}$`)

/** The account folder, kind and name of a file in an archive; null for the path of any other entry. */
export function parseFilePath(path: string): { folder: string; kind: FileFolder; name: string } | null {
  const [, folder, kind, name] = filePattern.exec(path) ?? []
  return folder && name ? { folder, kind: kind as FileFolder, name } : null
}

/** The paths of the tables that an account of an archive of this version must have. */
export const tablePaths = (folder: string, version: number): string[] =>
  tablesOfVersion(version).map(({ name }) => tablePath(folder, name))
