import { useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ArchiveAccount } from '../../../shared/archives.ts'
import { AppError } from '../../../shared/errors.ts'
import { useBridge, useCommand } from '../../data/hooks.ts'
import { request } from '../../data/request.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Screen, Sheet, useReady } from '../../parts/screen/screen.tsx'
import { ErrorState, LoadingState } from '../../parts/screen/states.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './archive-import.module.css'
import done from './done.module.css'
import texts from './summary.module.css'

interface ArchiveImportProps {
  /** The archive as the core has received it, and its name. */
  upload: string
  name: string
  /** Returns to the choice of a source. */
  onCancel: () => void
}

/** The accounts in an archive, before and after the import. Nothing is stored until the user agrees. */
export function ArchiveImport({ upload, name, onCancel }: ArchiveImportProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { data: accounts, error } = useQuery<ArchiveAccount[], AppError>({
    queryKey: ['archives.preview', upload],
    queryFn: () => request(bridge, 'archives.preview', { upload }),
    retry: false,
    // The core forgets the archive once it is imported.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const { data: imported, error: failure, isPending, mutate } = useCommand('archives.import')
  const { mutate: cancel } = useCommand('archives.cancel')
  useReady(accounts !== undefined || error !== null)
  const leave = () => {
    cancel({})
    onCancel()
  }
  if (imported) return <ArchiveDone name={name} accounts={imported} onMore={onCancel} />
  const problem = named(failure ?? error, name)
  return (
    <Screen
      title={t('history.bring')}
      actions={
        !isPending && (
          <>
            <Button variant="soft" onClick={leave}>
              {t(problem ? 'history.other' : 'common.cancel')}
            </Button>
            {accounts && !failure && (
              <Button
                variant="primary"
                onClick={() => mutate({ upload }, { onSuccess: (answer) => answer === null && onCancel() })}
              >
                {t('history.archive.apply')}
              </Button>
            )}
          </>
        )
      }
    >
      <Sheet>
        {problem && <ErrorState title={t('history.archive.failed')} error={problem} />}
        {!accounts && !problem && <LoadingState />}
        {accounts && !problem && (
          <>
            <div>
              <h2 className={`lines ${texts.title}`}>
                {t('history.archive.title', { count: accounts.length, ...lines })}
              </h2>
              <p className={texts.facts}>{name}</p>
            </div>
            <Accounts accounts={accounts} />
            {isPending && <Checking onCancel={() => cancel({})} />}
          </>
        )}
      </Sheet>
    </Screen>
  )
}

/** The error with the archive's own name: the core knows only the path of its copy. */
const named = (error: AppError | null, name: string): AppError | null =>
  error?.code.startsWith('archive_') ? new AppError(error.code, { ...error.params, path: name }) : error

function Accounts({ accounts }: { accounts: readonly ArchiveAccount[] }) {
  const { t } = useTranslation()
  return (
    <ul className={styles.accounts}>
      {accounts.map(({ id, signInMethod, displayName, isNew, ...counts }) => {
        const facts = (['jobs', 'transactions', 'imports', 'marks', 'messages', 'files'] as const)
          .filter((name) => counts[name] > 0)
          .map((name) => t(`history.archive.${name}`, { count: counts[name] }))
        return (
          <li key={`${signInMethod} ${id}`} data-account={id}>
            <p className={styles.name}>{displayName}</p>
            <p className={texts.facts}>{facts.join(middleDot)}</p>
            {!isNew && <p className={`lines ${texts.facts}`}>{t('history.archive.known', lines)}</p>}
          </li>
        )
      })}
    </ul>
  )
}

function Checking({ onCancel }: { onCancel: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [checked, setChecked] = useState(0)
  useEffect(() => bridge.subscribe((event) => event.type === 'archive' && setChecked(event.done)), [bridge])
  return (
    <p className={styles.checking} role="status">
      {t('history.archive.checking', { count: checked })}
      <Button size="small" onClick={onCancel}>
        {t('common.cancel')}
      </Button>
    </p>
  )
}

function ArchiveDone({ name, accounts, onMore }: { name: string; accounts: ArchiveAccount[]; onMore: () => void }) {
  const { t } = useTranslation()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <Screen title={t('history.bring')}>
      <Sheet>
        <div className={done.done}>
          <Icon icon={CircleCheck} size={24} className={done.check} />
          <div>
            <h2 ref={title} tabIndex={-1} className={`lines ${texts.title}`} aria-live="polite">
              {t('history.archive.done', lines)}
            </h2>
            <p className={texts.facts}>{name}</p>
            <Accounts accounts={accounts} />
            <p className={`lines ${texts.facts}`}>{t('history.archive.switch', lines)}</p>
            <div className={done.actions}>
              <InternalLink to="/overview" button={{ variant: 'primary', size: 'large' }}>
                {t('nav.overview')}
              </InternalLink>
              <Button size="large" variant="plain" onClick={onMore}>
                {t('history.more')}
              </Button>
            </div>
          </div>
        </div>
      </Sheet>
    </Screen>
  )
}
