/** Pastes and drops on the import screen. */
import type { Page } from '@playwright/test'

/** Pastes without the clipboard of the machine, which other tests use at the same time. */
export const paste = (page: Page, text: string, html = '') =>
  page.evaluate(
    ([text = '', html = '']) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      if (html) clipboardData.setData('text/html', html)
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    },
    [text, html],
  )

export const drop = (page: Page, name: string, text: string) =>
  page.evaluate(
    ([name = '', text = '']) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([text], name))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    },
    [name, text],
  )
