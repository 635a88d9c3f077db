import { Archive, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { hasReadableCredentials } from '../../../../shared/credentials.ts'
import type { JobDetail } from '../../../../shared/views.ts'
import { useCommand } from '../../../data/hooks.ts'
import { jobRef } from '../../../data/records.ts'
import { lines, middleDot } from '../../../i18n/format.ts'
import { useLabels } from '../../../i18n/use-texts.ts'
import { AccountBadge } from '../../../parts/accounts/account-badge.tsx'
import { MarksBox } from '../../../parts/credits/marks-box.tsx'
import { AgentBadge } from '../../../parts/jobs/agent-badge.tsx'
import { ExternalLink } from '../../../parts/screen/links.tsx'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Time } from '../../../ui/values.tsx'
import { ContentCredentials } from './content-credentials.tsx'
import { FavoriteButton } from './favorite-button.tsx'
import styles from './job-panel.module.css'
import { KeepOriginals } from './keep-originals.tsx'
import { PromptText } from './prompt-text.tsx'
import { ResultViewer } from './result-viewer.tsx'
import { Timeline } from './timeline.tsx'
import { VerdictBanner } from './verdict-banner.tsx'

interface JobContentProps {
  job: JobDetail
  onClose: () => void
}

/** What the panel says of a job: its results, its refund status, its timeline and the link to its chat. */
export function JobContent({ job, onClose }: JobContentProps) {
  const { t } = useTranslation()
  const labels = useLabels()
  const { agent, chatUrl, chatTitle } = job
  const chat = chatUrl === null ? null : { chat: jobRef(job), url: chatUrl }
  const chatName = chatTitle ?? t('library.untitledChat')
  const credited =
    job.fileName === null ? null : job.allResults.find(({ mimeType }) => hasReadableCredentials(mimeType))
  return (
    <>
      <header className={styles.head}>
        <AgentBadge agent={agent} />
        <AccountBadge account={job.account} />
        <h2 className={styles.title}>
          {labels.kind(job.kind) + middleDot}
          <Time at={job.createdAt} />
        </h2>
        <FavoriteButton item={job.case} />
        <IconButton icon={X} label={t('common.close')} onClick={onClose} />
      </header>
      <div className={styles.body}>
        {job.allResults.length > 0 && <ResultViewer job={job} />}
        {job.account !== null && <OfAccount account={job.account} />}
        {job.allResults.length > 0 && job.fileName === null && !job.isImported && job.account === null && (
          <KeepOriginals job={job} />
        )}
        <PromptText prompt={job.prompt} />
        <dl className={styles.facts}>
          {job.model !== '' && (
            <>
              <dt>{t('library.model')}</dt>
              <dd>{job.model}</dd>
            </>
          )}
          {job.fileName === null ? (
            <>
              <dt>{t('library.chat')}</dt>
              <dd>{chat ? <ExternalLink to={chat}>{chatName}</ExternalLink> : chatName}</dd>
              {job.files.length > 0 && (
                <>
                  <dt>{t('library.file')}</dt>
                  <dd>{job.files.join(', ')}</dd>
                </>
              )}
            </>
          ) : (
            <FileFacts fileName={job.fileName} evidence={job.madeEvidence} />
          )}
        </dl>
        {credited && <ContentCredentials result={{ ...jobRef(job), resultId: credited.id }} />}
        {job.removedAt !== null && (
          <p className={`lines ${styles.gone}`}>
            <Icon icon={Archive} />
            <span>
              <strong>{t('library.removed')}</strong>
              {t('library.removedHint', lines)}
            </span>
          </p>
        )}
        <VerdictBanner item={job.case} />
        {(job.fileName === null || job.timeline.length > 1) && <Timeline job={job} />}
        <MarksBox item={job.case} />
      </div>
      {chat && (
        <footer className={styles.foot}>
          <ExternalLink to={chat} button={{ variant: 'primary', size: 'large' }}>
            {t('library.openChat')}
          </ExternalLink>
        </footer>
      )}
    </>
  )
}

/** In a view of all accounts: says that originals are kept in the view of one account, with a button that shows it. */
function OfAccount({ account }: { account: string }) {
  const { t } = useTranslation()
  const { mutate: show } = useCommand('accounts.show')
  return (
    <p className={`lines ${styles.alone}`}>
      <span>{t('account.keepAlone', lines)}</span>
      <Button size="small" variant="soft" onClick={() => show({ id: account })}>
        {t('account.showAlone')}
      </Button>
    </p>
  )
}

/** The file of a job of a folder, and the evidence of its time. */
function FileFacts({ fileName, evidence }: { fileName: string; evidence: JobDetail['madeEvidence'] }) {
  const { t } = useTranslation()
  return (
    <>
      <dt>{t('library.file')}</dt>
      <dd>{fileName}</dd>
      {evidence && (
        <>
          <dt>{t('library.madeBy')}</dt>
          <dd>{t(`folder.evidence.${evidence}`)}</dd>
        </>
      )}
    </>
  )
}
