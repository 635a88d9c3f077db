import { FolderPlus } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Agent, agents } from '../../../shared/values.ts'
import { useBridge, useCommand, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import { importPath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Problem } from '../../parts/screen/problem.tsx'
import { Screen, Sheet, useReady } from '../../parts/screen/screen.tsx'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useToast } from '../../ui/toast.tsx'
import { FolderList } from './folder-list.tsx'
import styles from './folder-screen.module.css'

/** Adds a folder of results, and shows the folders with their scans. `account`: where it belongs; null for a new one. */
export function FolderScreen({ account }: { account: string | null }) {
  const { t } = useTranslation()
  const { data: folders, error } = useRoute('folders.list', {})
  useReady(folders !== undefined || error !== null)
  const actions = (
    <InternalLink to={importPath()} button={{ variant: 'soft' }}>
      {t('folders.back')}
    </InternalLink>
  )
  return (
    <Screen title={t('folders.title')} actions={actions}>
      <Sheet>
        <div className={styles.page}>
          <p className={`lines ${styles.lead}`}>{t('folders.lead', lines)}</p>
          <FolderForm account={account} />
          {folders && folders.length > 0 && <FolderList folders={folders} />}
        </div>
      </Sheet>
    </Screen>
  )
}

function FolderForm({ account }: { account: string | null }) {
  const { t } = useTranslation()
  const id = useId()
  const [path, setPath] = useState('')
  const [agent, setAgent] = useState<Agent>('agent-2')
  const [copied, setCopied] = useState(false)
  const { mutate, isPending, error } = useCommand('folders.add')
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        mutate({ path: path.trim(), agent, copied, account }, { onSuccess: () => setPath('') })
      }}
    >
      <label htmlFor={id}>{t('folders.path')}</label>
      <div className={styles.path}>
        <TextField
          id={id}
          type="text"
          required
          maxLength={4_000}
          autoComplete="off"
          spellCheck={false}
          placeholder={t('folders.example')}
          aria-describedby={`${id}-hint`}
          value={path}
          onChange={(event) => setPath(event.target.value)}
        />
        <ChooseFolder onChoose={setPath} />
      </div>
      <PathHint id={`${id}-hint`} />
      <Choice name={t('folders.agent')} hint={t('folders.agentHint', lines)}>
        <Segmented
          label={t('folders.agent')}
          value={agent}
          onChange={setAgent}
          options={agents.map((value) => ({ value, label: t(`agent.${value}`) }))}
        />
      </Choice>
      <Choice name={t('folders.keep')} hint={t(copied ? 'folders.copiedHint' : 'folders.referencedHint', lines)}>
        <Segmented
          label={t('folders.keep')}
          value={copied ? 'copied' : 'referenced'}
          onChange={(value) => setCopied(value === 'copied')}
          options={(['referenced', 'copied'] as const).map((value) => ({ value, label: t(`folders.${value}`) }))}
        />
      </Choice>
      <Problem error={error} />
      <div>
        <Button type="submit" variant="primary" size="large" icon={FolderPlus} disabled={isPending}>
          {t('folders.add')}
        </Button>
      </div>
    </form>
  )
}

function Choice({ name, hint, children }: { name: string; hint: string; children: ReactNode }) {
  return (
    <div className={styles.choice}>
      <span className={styles.name}>{name}</span>
      <span>{children}</span>
      <p className={`lines ${styles.hint}`}>{hint}</p>
    </div>
  )
}

/** The dialog of the system; a browser has none that tells a path. */
function ChooseFolder({ onChoose }: { onChoose: (path: string) => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const errorText = useErrorText()
  const { host } = useBridge()
  const { mutate, isPending } = useCommand('folders.choose')
  if (host === 'browser') return null
  const choose = () =>
    mutate({}, { onSuccess: (chosen) => chosen && onChoose(chosen.path), onError: (error) => toast(errorText(error)) })
  return (
    <Button disabled={isPending} onClick={choose}>
      {t('folders.choose')}
    </Button>
  )
}

function PathHint({ id }: { id: string }) {
  const { t } = useTranslation()
  const { host } = useBridge()
  return (
    <p id={id} className={`lines ${styles.hint}`}>
      {t(host === 'browser' ? 'folders.pathHintBrowser' : 'folders.pathHint', lines)}
    </p>
  )
}
