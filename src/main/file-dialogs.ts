import { join } from 'node:path'
import { app, BrowserWindow, dialog } from 'electron'

/** The folder of the last file that was saved in this process. */
let lastFolder: string | null = null

/**
 * Asks where to save a file with the system's dialog, which also asks before it replaces one. Null if the user cancels.
 * `type` names the format, such as `Excel`, and its extension.
 */
export async function askWhereToSave(name: string, type: Electron.FileFilter): Promise<string | null> {
  const folder = lastFolder ?? app.getPath('downloads')
  const options: Electron.SaveDialogOptions = {
    defaultPath: join(folder, name),
    filters: [type],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  }
  const [window] = BrowserWindow.getAllWindows()
  const { filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
  if (!filePath) return null
  lastFolder = join(filePath, '..')
  return filePath
}

/** Asks for a folder with the system's dialog. Null if the user cancels. */
export async function askForFolder(): Promise<{ path: string } | null> {
  const options: Electron.OpenDialogOptions = { properties: ['openDirectory'] }
  const [window] = BrowserWindow.getAllWindows()
  const { filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
  const [path] = filePaths
  return path === undefined ? null : { path }
}
