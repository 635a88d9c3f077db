import { app, dialog } from 'electron'
import type Store from 'electron-store'
import { label, say } from '../core/host/messages.ts'
import type { SettingsFile } from '../core/host/settings.ts'
import type { Log } from '../core/ports.ts'
import type { Language } from '../shared/values.ts'

/**
 * Offers once to move the app to the Applications folder of macOS: one that is started from its disk image or from Downloads runs
 * from a copy that the system throws away, and cannot be updated. Moving it ends this process.
 */
export async function offerApplicationsFolder(file: Store<SettingsFile>, language: Language, log: Log): Promise<void> {
  if (process.platform !== 'darwin' || !app.isPackaged || app.isInApplicationsFolder() || file.get('wasAskedToMove'))
    return
  file.set('wasAskedToMove', true)
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: label('app.name', language),
    message: say('move.question', language),
    buttons: [label('move.move', language), label('move.stay', language)],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  })
  if (response !== 0) return
  try {
    app.moveToApplicationsFolder()
  } catch (error) {
    log.warn('not_moved', { error: String(error) })
  }
}
