/** Compares the files that a scan found in a folder with the files known from earlier scans. */

/** A file as the disk shows it. */
export interface SeenFile {
  path: string
  bytes: number
  modifiedAt: number
}

/** In UTF-16 units. A shorter name is never the id of a result. */
const minIdLength = 8

/** The name of a file without its ending, which may be the id of a result; null if it is too short. */
export function stemOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).normalize()
  const stem = name.replace(/\.[^.]*$/, '')
  return stem.length < minIdLength ? null : stem
}

/** A file that an earlier scan found. */
export interface KnownFile extends SeenFile {
  fileId: number
  sha256: string | null
  missingSince: number | null
}

export interface ScanPlan<Known extends KnownFile> {
  /** New and changed files, with the known file that each replaces. */
  toRead: { file: SeenFile; known: Known | null }[]
  /** Known files that were found with the same size and time. */
  unchanged: { path: string; known: Known }[]
  /** Known files that were not found. */
  absent: Known[]
}

/**
 * Compares the found files of a folder with the known ones. Names that differ only in Unicode normalization are one file,
 * unless the folder has both. No file below an `unreadable` folder counts as absent.
 */
export function planScan<Known extends KnownFile>(
  seen: readonly SeenFile[],
  known: readonly Known[],
  unreadable: readonly string[],
): ScanPlan<Known> {
  const left = new Map(known.map((file) => [file.path, file]))
  const plan: ScanPlan<Known> = { toRead: [], unchanged: [], absent: [] }
  const add = (file: SeenFile, found: Known | null) => {
    const isSame = found?.bytes === file.bytes && found.modifiedAt === file.modifiedAt
    if (found && isSame) plan.unchanged.push({ path: file.path, known: found })
    else plan.toRead.push({ file, known: found })
  }
  const renamed: SeenFile[] = []
  for (const file of seen) {
    const found = left.get(file.path)
    if (!found) renamed.push(file)
    else if (left.delete(file.path)) add(file, found)
  }
  const byForm = Map.groupBy(left.values(), ({ path }) => path.normalize())
  for (const file of renamed) {
    const found = byForm.get(file.path.normalize())?.shift() ?? null
    if (found) left.delete(found.path)
    add(file, found)
  }
  const isHidden = (path: string) => unreadable.some((folder) => path.startsWith(`${folder}/`))
  plan.absent = [...left.values()].filter(({ path }) => !isHidden(path))
  return plan
}

/**
 * Whether more than half of the present files disappeared at once, so that the folder may be half mounted. A content that
 * is elsewhere in the folder now (`present`) did not disappear.
 */
export function isShrunk(
  known: readonly KnownFile[],
  gone: readonly KnownFile[],
  present: ReadonlySet<string>,
): boolean {
  const wereThere = known.filter((file) => file.missingSince === null && file.sha256 !== null)
  const areGone = gone.filter(
    ({ missingSince, sha256 }) => missingSince === null && sha256 !== null && !present.has(sha256),
  )
  return areGone.length * 2 > wereThere.length
}
