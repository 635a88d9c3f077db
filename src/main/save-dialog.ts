import { join } from 'node:path'
import { app, BrowserWindow, dialog } from 'electron'
import type { ExportDelivery } from '../core/host/exporter.ts'
import type { ExportFormat } from '../shared/values.ts'

const filters: Record<ExportFormat, Electron.FileFilter> = {
  csv: { name: 'CSV', extensions: ['csv'] },
  json: { name: 'JSON', extensions: ['json'] },
  xlsx: { name: 'Excel', extensions: ['xlsx'] },
}

/** Asks where to save an export with the system's dialog, which also asks before it replaces a file. */
export const saveDialog: ExportDelivery = {
  async choosePath(name, format) {
    const options = { defaultPath: join(app.getPath('downloads'), name), filters: [filters[format]] }
    const [window] = BrowserWindow.getAllWindows()
    const { filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
    return filePath || null
  },
  downloadUrl: () => null,
}
