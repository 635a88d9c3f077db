import { CloudOff, LogIn, RefreshCw, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { SyncState } from '../../shared/views.ts'
import { Button } from '../components/button.tsx'
import { ExternalLink } from '../components/links.tsx'
import { useConnection } from '../data/connection.ts'
import { useCommand } from '../data/hooks.ts'
import { useFormat } from '../i18n/use-format.tsx'
import { Notice } from './notice.tsx'
import styles from './notices.module.css'
import { ReminderNotice } from './reminder-notice.tsx'

/** In both languages, the Korean stands on a line of its own. */
const lines = { separator: '\n' }

/** What must be said above every screen: the connection, the sign-in, a doubtful listing, the first sync, a reminder. */
export function Notices() {
  const { t } = useTranslation()
  const { sync, lost, retry } = useConnection()
  const syncNow = useCommand('sync.now')
  const acceptListing = useCommand('sync.acceptListing')

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
  if (sync?.status === 'signed_out') {
    return (
      <Notice tone="amber" icon={LogIn} title={t('notice.signedOutTitle')} body={t('notice.signedOutBody', lines)}>
        <ExternalLink to="home" button={{ size: 'small' }}>
          Carat
        </ExternalLink>
        <Button size="small" onClick={() => syncNow.mutate({})}>
          {t('common.retry')}
        </Button>
      </Notice>
    )
  }
  const shrunk = sync?.streams.find((one) => one.error?.code === 'listing_shrunk')
  if (shrunk) {
    return (
      <Notice tone="amber" icon={TriangleAlert} title={t('notice.pausedTitle')} body={t('notice.pausedBody', lines)}>
        <Button size="small" onClick={() => acceptListing.mutate({ stream: shrunk.stream })}>
          {t('sync.acceptListing')}
        </Button>
        <Button size="small" onClick={() => syncNow.mutate({})}>
          {t('common.retry')}
        </Button>
      </Notice>
    )
  }
  return sync?.status === 'running' && sync.lastSuccessAt === null ? <FirstSync sync={sync} /> : <ReminderNotice />
}

function FirstSync({ sync }: { sync: SyncState }) {
  const { t } = useTranslation()
  const format = useFormat()
  const listed = sync.streams.reduce((sum, stream) => sum + Math.max(stream.listed, stream.records), 0)
  const known = sync.streams.every((stream) => stream.total !== null || stream.lastSuccessAt !== null)
  const total = sync.streams.reduce((sum, stream) => sum + (stream.total ?? stream.records), 0)
  const share = known && total > 0 ? Math.min(1, listed / total) : null
  return (
    <Notice tone="accent" icon={RefreshCw} iconClass="spin" body={t('notice.firstSync', lines)}>
      <span className="num">{share === null ? format.number(listed) : t('sync.listed', { total, listed })}</span>
      {share !== null && (
        <span
          className={styles.meter}
          role="progressbar"
          aria-label={t('sync.title')}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
        >
          <span className={styles.meterFill} style={{ width: `${share * 100}%` }} />
        </span>
      )}
    </Notice>
  )
}
