import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { FileLocation } from '../store/imports/folders.ts'
import { provenFile } from './media-type.ts'

/**
 * The first of some files of the user's folders that still has the size and time of the scan; null if none has. Links that lead out
 * of the folder are refused.
 */
export async function referencedFile(
  locations: readonly FileLocation[],
): Promise<{ mimeType: string; path: string } | null> {
  for (const location of locations) {
    const path = await unchangedFile(location)
    const file = path === null ? null : await provenFile(path)
    if (file && path !== null) return { mimeType: file.mimeType, path }
  }
  return null
}

/** The real path of a file if it lies in its folder and has not changed since it was read. */
async function unchangedFile({ folder, path, bytes, modifiedAt }: FileLocation): Promise<string | null> {
  const root = await realpath(folder).catch(() => null)
  if (root === null) return null
  const inside = root.endsWith(sep) ? root : root + sep
  // The drive may have been mounted by a system that spells names in the other form.
  for (const name of new Set([path, path.normalize('NFC'), path.normalize('NFD')])) {
    const real = await realpath(join(root, name)).catch(() => null)
    if (!real?.startsWith(inside)) continue
    const found = await stat(real).catch(() => null)
    if (found?.isFile() && found.size === bytes && Math.floor(found.mtimeMs) === modifiedAt) return real
  }
  return null
}
