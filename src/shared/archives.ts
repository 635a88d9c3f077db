/** Archives: everything of one account or of several in one file. */

/** An account of an archive and what the archive has of it. */
export interface ArchiveAccount {
  id: string
  signInMethod: string
  displayName: string
  /** False if the data folder has the account: only marks, match decisions and messages come back then. */
  isNew: boolean
  jobs: number
  transactions: number
  imports: number
  marks: number
  messages: number
  /** Kept originals, their thumbnails, and copied files of folders. */
  files: number
}
