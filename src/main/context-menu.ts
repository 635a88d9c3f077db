import { type ContextMenuParams, Menu, type MenuItemConstructorOptions, type WebContents } from 'electron'
import { label } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'
import { isPageUrl } from './page-origin.ts'

/** The commands that fit what was clicked: text to edit, selected text, or a picture. Electron has no such menu itself. */
export function contextMenu(
  params: Pick<ContextMenuParams, 'isEditable' | 'editFlags' | 'selectionText' | 'mediaType' | 'srcURL'>,
  language: Language,
  copyPicture: () => void,
): MenuItemConstructorOptions[] {
  const { isEditable, editFlags, selectionText, mediaType, srcURL } = params
  const item = (role: 'cut' | 'copy' | 'paste' | 'selectAll', enabled: boolean): MenuItemConstructorOptions => ({
    role,
    label: label(`menu.${role}`, language),
    enabled,
  })
  if (isEditable) {
    return [
      item('cut', editFlags.canCut),
      item('copy', editFlags.canCopy),
      item('paste', editFlags.canPaste),
      { type: 'separator' },
      item('selectAll', editFlags.canSelectAll),
    ]
  }
  const hasPicture = mediaType === 'image' && isPageUrl(srcURL)
  return [
    ...(selectionText.trim() === '' ? [] : [item('copy', editFlags.canCopy)]),
    ...(hasPicture ? [{ label: label('menu.copyPicture', language), click: copyPicture }] : []),
  ]
}

export function showContextMenus(contents: WebContents, language: () => Language): void {
  contents.on('context-menu', (_, params) => {
    const items = contextMenu(params, language(), () => contents.copyImageAt(params.x, params.y))
    if (items.length > 0) Menu.buildFromTemplate(items).popup()
  })
}
