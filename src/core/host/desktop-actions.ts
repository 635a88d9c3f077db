/** What only a desktop host does. The page names files by ids and names, never by paths. */
import type { MediaRef } from '../../shared/bridge.ts'
import type { UpdateState } from '../../shared/updates.ts'
import type { JobDetail, NamedFile } from '../../shared/views.ts'
import { extensionOf } from '../media/extensions.ts'
import type { ResultRef } from '../store/jobs/results.ts'

export interface DesktopActions {
  /** Shows a file in the file manager of the system. Throws `not_found`. */
  show(file: NamedFile): Promise<void>
  /** Saves a copy of an original where the user wants it. Null if the user cancels. Throws `media_unavailable`. */
  save(result: ResultRef): Promise<{ name: string } | null>
  /** Asks for a folder. Null if the user cancels. */
  chooseFolder(): Promise<{ path: string } | null>
  /** Saves a report for support without personal text. Null if the user cancels. */
  saveDiagnostics(): Promise<{ name: string } | null>
  /**
   * Begins to drag an original out of the window. False if the file has to be fetched first: the user may have let go by then.
   */
  drag(result: ResultRef): Promise<boolean>
  /** Aborts the oldest request of the page for a file that is not answered yet. */
  cancelMedia(file: MediaRef): void
  /** Opens the menu of the app. */
  openMenu(): void
  updates: Updates
}

export interface Updates {
  state(): UpdateState
  /** Asks for a newer version now, and downloads it. Does nothing if updates are off. Never rejects. */
  check(): Promise<void>
  /** Ends the app, installs the downloaded version and starts it. Does nothing without a downloaded version. */
  install(): void
}

const maxWords = 60

/**
 * The name of an original outside the app, such as `2026-03-18 눈 오는 서울 (2).png`: the local day, the beginning of the prompt,
 * and the number of the result if there are several. Without characters that a file system refuses.
 */
export function originalName(
  {
    createdAt,
    prompt,
    fileName,
    model,
    allResults,
  }: Pick<JobDetail, 'createdAt' | 'prompt' | 'model' | 'allResults'> & Partial<Pick<JobDetail, 'fileName'>>,
  resultId: string,
  mimeType: string,
): string {
  const date = new Date(createdAt)
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'))
  const words = (prompt || (fileName ?? '').replace(/^.*\/|\.[^.]*$/g, ''))
    .normalize('NFC')
    .replace(/[<>:"/\\|?*\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .slice(0, maxWords)
    .toWellFormed()
    .replace(/[\s.]+$/, '')
    .trim()
  const index = allResults.findIndex(({ id }) => id === resultId)
  const number = allResults.length > 1 ? ` (${index + 1})` : ''
  return `${day.join('-')} ${words || model}${number}.${extensionOf(mimeType)}`
}
