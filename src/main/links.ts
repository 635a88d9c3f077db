import { shell } from 'electron'
import { isAllowedUrl } from '../core/domain/links.ts'

/** The only way out of the app. Returns whether the address was allow-listed and passed to the system. */
export async function openLink(url: string): Promise<boolean> {
  if (!isAllowedUrl(url)) return false
  await shell.openExternal(url)
  return true
}
