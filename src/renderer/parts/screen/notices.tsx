import { CirclePause, CloudOff, Lock, LogIn, RefreshCw, TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorCode, ErrorView } from '../../../shared/errors.ts'
import type { SyncState } from '../../../shared/views.ts'
import { useIsImported } from '../../data/account.ts'
import { useConnection } from '../../data/connection.ts'
import { useCommand, useRetryFolder, useRoute } from '../../data/hooks.ts'
import { nextTryAt, overallProgress, percentOf } from '../../data/sync-progress.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import { Button } from '../../ui/button.tsx'
import { Meter } from '../../ui/meter.tsx'
import { PauseButton, SyncButton } from '../sync/sync-buttons.tsx'
import { useProgressText } from '../sync/use-progress-text.ts'
import { ConnectDialog } from './later-dialogs.tsx'
import { Notice } from './notice.tsx'
import styles from './notices.module.css'
import { ReminderNotice } from './reminder-notice.tsx'

/** The most urgent notice, above every screen; none if all is well. */
export function Notices() {
  const { t } = useTranslation()
  const { sync, lost, retry } = useConnection()
  const syncNow = useCommand('sync.now')
  const acceptListing = useCommand('sync.acceptListing')
  const isImported = useIsImported()
  const { data: info } = useRoute('app.info', {})
  const retryFolder = useRetryFolder()
  const errorText = useErrorText()

  if (lost) {
    return (
      <Notice
        tone="amber"
        icon={CloudOff}
        title={t('notice.disconnectedTitle')}
        body={t('notice.disconnectedBody', lines)}
      >
        <Button size="small" onClick={retry}>
          {t('common.retry')}
        </Button>
      </Notice>
    )
  }
  if (info?.readOnly) {
    const body = [errorText(retryFolder.error ?? info.readOnly), t('notice.readOnlyBody', lines)].join('\n')
    return (
      <Notice tone="amber" icon={Lock} title={t('notice.readOnlyTitle')} body={body}>
        <Button size="small" disabled={retryFolder.isPending} onClick={() => retryFolder.mutate()}>
          {t('common.retry')}
        </Button>
      </Notice>
    )
  }
  // An account of imports is never synced: the state of the sync is about another account.
  if (isImported) return <ReminderNotice />
  const syncAgain = (
    <Button size="small" onClick={() => syncNow.mutate({})}>
      {t('common.retry')}
    </Button>
  )
  if (sync?.status === 'signed_out') {
    return <SignedOut error={sync.streams.find(({ error }) => error)?.error ?? null}>{syncAgain}</SignedOut>
  }
  const shrunk = sync?.streams.find(({ error }) => error?.code === 'listing_shrunk')
  if (shrunk) {
    return (
      <Notice tone="amber" icon={TriangleAlert} title={t('notice.shrunkTitle')} body={t('notice.shrunkBody', lines)}>
        <Button size="small" onClick={() => acceptListing.mutate({ stream: shrunk.stream })}>
          {t('sync.acceptListing')}
        </Button>
        {syncAgain}
      </Notice>
    )
  }
  return sync?.lastSuccessAt === null ? <FirstSync sync={sync} /> : <ReminderNotice />
}

/** Reasons that the user has to know before signing in again. */
const explained: ReadonlySet<ErrorCode> = new Set(['sign_in_changed', 'sign_in_elsewhere'])

/** The service has ended the sign-in, or there is none yet. Only the user can go on, by signing in. */
function SignedOut({ error, children }: { error: ErrorView | null; children: ReactNode }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { data: service } = useRoute('service.get', {})
  const [signsIn, setSignsIn] = useState(false)
  return (
    <>
      <Notice
        tone="amber"
        icon={LogIn}
        title={t('notice.signedOutTitle')}
        body={error && explained.has(error.code) ? errorText(error) : t('notice.signedOutBody', lines)}
      >
        <Button size="small" onClick={() => setSignsIn(true)}>
          {t('connect.signIn')}
        </Button>
        {children}
      </Notice>
      <ConnectDialog again={service?.api} open={signsIn} onClose={() => setSignsIn(false)} />
    </>
  )
}

/** The first sync: its progress or why it stopped, and buttons to pause and to continue. */
function FirstSync({ sync }: { sync: SyncState }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const failed = sync.streams.find(({ error }) => error)
  if (sync.status === 'failed' && failed?.error) {
    const retryAt = nextTryAt(sync, failed)
    const body = [errorText(failed.error), retryAt !== null && t('sync.retryAt', { at: retryAt, ...lines })]
    return (
      <Notice
        tone="amber"
        icon={CloudOff}
        title={t('sync.failed', { stream: failed.stream })}
        body={body.filter(Boolean).join('\n')}
      >
        <SyncButton size="small" />
      </Notice>
    )
  }
  if (sync.status === 'paused') {
    return (
      <Notice tone="grey" icon={CirclePause} body={t('notice.firstSyncPaused', lines)}>
        <SnapshotProgress sync={sync} />
        <SyncButton size="small" />
      </Notice>
    )
  }
  if (sync.status !== 'running') return null
  return (
    <Notice tone="accent" icon={RefreshCw} iconClass="spin" body={t('notice.firstSync', lines)}>
      <SnapshotProgress sync={sync} />
      <PauseButton size="small" variant="soft" />
    </Notice>
  )
}

/** The progress of the first sync and its remaining time. */
function SnapshotProgress({ sync: { streams } }: { sync: SyncState }) {
  const { t } = useTranslation()
  const progressText = useProgressText()
  const progress = overallProgress(streams)
  const percent = percentOf(progress)
  return (
    <>
      <span className="num">
        {progressText.read(progress)}
        {progress.remainingMs !== null && `${middleDot}${progressText.left(progress.remainingMs)}`}
      </span>
      {percent !== null && (
        <span className={styles.meter}>
          <Meter label={t('sync.title')} share={percent / 100} />
        </span>
      )}
    </>
  )
}
