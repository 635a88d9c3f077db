import { Download, FolderOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MediaRef } from '../../../shared/bridge.ts'
import type { Agent } from '../../../shared/values.ts'
import type { NamedFile } from '../../../shared/views.ts'
import { useBridge, useCommand, useRoute } from '../../data/hooks.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'

type Result = Omit<MediaRef, 'size'>
const toInput = (result: Result) => ({ ...result, agent: result.agent as Agent })

/** Shows a file in the file manager of the system. A browser has none. */
export function ShowFile({ file }: { file: NamedFile }) {
  const { t } = useTranslation()
  const toast = useToast()
  const errorText = useErrorText()
  const { host } = useBridge()
  const { data: info } = useRoute('app.info', {})
  const show = useCommand('files.show')
  if (host === 'browser' || !info) return null
  const { platform } = info
  return (
    <IconButton
      icon={FolderOpen}
      size="small"
      label={t(`files.show.${platform === 'darwin' || platform === 'win32' ? platform : 'other'}`)}
      onClick={() => show.mutate(file, { onError: (error) => toast(errorText(error)) })}
    />
  )
}

/** Saves a copy of an original with the system's dialog. */
export function SaveOriginal({ result }: { result: Result }) {
  const { t } = useTranslation()
  const toast = useToast()
  const errorText = useErrorText()
  const { host } = useBridge()
  const save = useCommand('files.save')
  if (host === 'browser') return null
  const saveIt = () =>
    save.mutate(toInput(result), {
      onSuccess: (file) => file && toast(t('files.saved', { name: file.name })),
      onError: (error) => toast(errorText(error)),
    })
  return (
    <Button size="small" variant="plain" icon={Download} disabled={save.isPending} onClick={saveIt}>
      {t('files.save')}
    </Button>
  )
}

/** Saves a report about the app and this machine for support. */
export function SaveDiagnostics() {
  const { t } = useTranslation()
  const toast = useToast()
  const errorText = useErrorText()
  const save = useCommand('files.saveDiagnostics')
  const saveIt = () =>
    save.mutate(
      {},
      {
        onSuccess: (file) => file && toast(t('files.saved', { name: file.name })),
        onError: (error) => toast(errorText(error)),
      },
    )
  return (
    <Button disabled={save.isPending} onClick={saveIt}>
      {t('files.saveAs')}
    </Button>
  )
}
