import { type BrowserWindow, powerSaveBlocker } from 'electron'
import type { CoreEvent } from '../shared/events.ts'
import type { OriginalsState, StreamState, SyncState } from '../shared/views.ts'

export interface Progress {
  /** From 0 to 1; 2 if the end is unknown, as `setProgressBar` has it. */
  share: number
  mode: 'normal' | 'indeterminate' | 'error'
}

const unknownEnd: Progress = { share: 2, mode: 'indeterminate' }

/** The progress of the first sync, else of the originals that are being kept; null if neither runs. */
export function progressOf(sync: SyncState | null, originals: OriginalsState | null): Progress | null {
  if (sync?.status === 'running' && sync.lastSuccessAt === null) {
    const streams = sync.streams.filter(({ stream }) => stream !== 'account')
    const isRead = ({ lastSuccessAt }: StreamState) => lastSuccessAt !== null
    const read = streams.reduce((sum, stream) => sum + (isRead(stream) ? stream.records : stream.listed), 0)
    const total = streams.reduce(
      (sum, stream) => sum + (isRead(stream) ? stream.records : (stream.total ?? Number.NaN)),
      0,
    )
    return total > 0 ? { share: Math.min(1, read / total), mode: 'normal' } : unknownEnd
  }
  if (originals?.status !== 'working' && originals?.status !== 'held') return null
  const { kept, waiting, running, status } = originals
  const parts = running.reduce((sum, { received, total }) => sum + (total ? received / total : 0), 0)
  const share = (kept.originals + parts) / Math.max(1, kept.originals + waiting.originals)
  return { share: Math.min(1, share), mode: status === 'held' ? 'error' : 'normal' }
}

/** Returns a function that hears events and shows long work on the icon of the app, while it keeps the machine awake. */
export function createProgressBar(windows: () => BrowserWindow[]): (event: CoreEvent) => void {
  let sync: SyncState | null = null
  let originals: OriginalsState | null = null
  let blocker: number | null = null
  let last = ''
  return (event) => {
    if (event.type === 'sync') sync = event.state
    else if (event.type === 'originals') originals = event.state
    else return
    const progress = progressOf(sync, originals)
    const next = progress ? `${progress.share.toFixed(2)} ${progress.mode}` : ''
    if (next === last) return
    last = next
    for (const window of windows()) window.setProgressBar(progress?.share ?? -1, { mode: progress?.mode ?? 'none' })
    const works = progress !== null && progress.mode !== 'error'
    if (works) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
  }
}
