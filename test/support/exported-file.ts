import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type ElectronApplication, expect, type Page } from '@playwright/test'
import { electronOf, isElectron } from './app-test.ts'
import { temporaryFolder } from './core.ts'

/** Exports with a button of Settings. The browser downloads the file; in Electron the test answers the save dialog. */
export async function exportedFile(page: Page, button: string): Promise<{ name: string; content: Buffer }> {
  const start = () => page.getByRole('button', { name: button }).click()
  if (!isElectron(page)) {
    const downloading = page.waitForEvent('download')
    await start()
    const file = await downloading
    return { name: file.suggestedFilename(), content: readFileSync(await file.path()) }
  }
  const folder = temporaryFolder()
  const path = join(folder.path, 'chosen')
  const { app } = electronOf(page)
  await answerSaveDialog(app, path)
  await start()
  await expect(page.getByText(path)).toBeVisible()
  const content = readFileSync(path)
  folder.remove()
  const suggested = await app.evaluate(() => (globalThis as { suggested?: string }).suggested ?? '')
  return { name: basename(suggested), content }
}

/** Answers Electron's next save dialogs with `path`; with an empty one, the user cancels. */
export async function answerSaveDialog(app: ElectronApplication, path: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    // The host calls it with a window in front.
    dialog.showSaveDialog = async (...[, options]: unknown[]) => {
      Object.assign(globalThis, { suggested: (options as Electron.SaveDialogOptions).defaultPath })
      return { canceled: filePath === '', filePath }
    }
  }, path)
}
