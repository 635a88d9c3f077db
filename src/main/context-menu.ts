import { type ContextMenuParams, Menu, type MenuItemConstructorOptions, type WebContents } from 'electron'
import { label } from '../core/host/messages.ts'
import type { ResultRef } from '../core/store/jobs/results.ts'
import { parseMediaPath } from '../shared/media-path.ts'
import type { Language } from '../shared/values.ts'
import { isPageUrl } from './page-origin.ts'

export interface ContextCommands {
  copyPicture(): void
  lookUp(): void
  save(result: ResultRef): void
}

type Clicked = Pick<ContextMenuParams, 'isEditable' | 'editFlags' | 'selectionText' | 'mediaType' | 'srcURL'>

/** The commands that fit what was clicked: text to edit, selected text, or a result. Electron has no such menu itself. */
export function contextMenu(
  { isEditable, editFlags, selectionText, mediaType, srcURL }: Clicked,
  language: Language,
  commands: ContextCommands,
  platform = process.platform,
): MenuItemConstructorOptions[] {
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
  const command = (key: 'copyPicture' | 'lookUp' | 'saveOriginal', click: () => void) => ({
    label: label(`menu.${key}`, language),
    click,
  })
  const isOurs = isPageUrl(srcURL)
  const result = isOurs ? parseMediaPath(new URL(srcURL).pathname) : null
  const hasText = selectionText.trim() !== ''
  return [
    ...(hasText && platform === 'darwin' ? [command('lookUp', commands.lookUp)] : []),
    ...(hasText ? [item('copy', editFlags.canCopy)] : []),
    ...(mediaType === 'image' && isOurs ? [command('copyPicture', commands.copyPicture)] : []),
    ...(result ? [command('saveOriginal', () => commands.save(result))] : []),
  ]
}

export function showContextMenus(
  contents: WebContents,
  language: () => Language,
  save: (result: ResultRef) => void,
): void {
  contents.on('context-menu', (_, params) => {
    const items = contextMenu(params, language(), {
      copyPicture: () => contents.copyImageAt(params.x, params.y),
      lookUp: () => contents.showDefinitionForSelection(),
      save,
    })
    if (items.length > 0) Menu.buildFromTemplate(items).popup()
  })
}
