import { Check, RefreshCw, X } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { isLost } from '../../../shared/status-sets.ts'
import { isProofStream } from '../../../shared/values.ts'
import type { CaseDetail, Evidence, StreamState } from '../../../shared/views.ts'
import { useIsImported } from '../../data/account.ts'
import { useConnection } from '../../data/connection.ts'
import { middleDot } from '../../i18n/format.ts'
import { useLabels, useVerdict } from '../../i18n/use-texts.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from './evidence-box.module.css'
import { useEvidenceText, useReadTime } from './evidence-text.ts'

/** The evidence of a verdict, and what would change the verdict. */
export function EvidenceBox({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const title = useId()
  const connection = useConnection()
  // Nothing is read again for an account of imports.
  const sync = useIsImported() ? undefined : connection.sync
  const { change } = useVerdict(item)
  return (
    <section className={styles.box} aria-labelledby={title}>
      <h3 id={title}>{t('refunds.evidence.title')}</h3>
      <ul>
        {item.evidence.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of evidence have no identity
          <EvidenceLine key={index} line={line} item={item} proven={isLost(item.refundStatus)} />
        ))}
      </ul>
      {sync && <LastRead streams={sync.streams} />}
      <p className={styles.change}>
        <Icon icon={RefreshCw} size={14} />
        <span className="lines">{change}</span>
        {sync?.status === 'running' ? (
          <span>{t('refunds.evidence.checking')}</span>
        ) : (
          sync?.nextAt && <span className="num">{t('refunds.evidence.nextCheck', { at: sync.nextAt })}</span>
        )}
      </p>
    </section>
  )
}

/** When each stream that can prove was last read completely, including those on which this case does not depend. */
function LastRead({ streams }: { streams: StreamState[] }) {
  const { t } = useTranslation()
  const labels = useLabels()
  const readTime = useReadTime()
  const read = streams
    .filter(({ stream }) => isProofStream(stream))
    .map(({ stream, lastSuccessAt }) => `${labels.stream(stream)} ${readTime(lastSuccessAt)}`)
  return <p className={styles.read}>{[t('refunds.evidence.readUntil'), ...read].join(middleDot)}</p>
}

interface EvidenceLineProps {
  line: Evidence
  item: CaseDetail
  /** Whether the loss is proven; otherwise a cross is grey. */
  proven: boolean
}

function EvidenceLine({ line, item, proven }: EvidenceLineProps) {
  const { claim, detail, source } = useEvidenceText(line, item)
  const tone = line.holds ? 'green' : proven ? 'red' : 'grey'
  return (
    <li className={styles.line}>
      <span className="tone" data-tone={tone}>
        <Icon icon={line.holds ? Check : X} />
      </span>
      <div>
        <p className={`lines ${styles.claim}`}>{claim}</p>
        {detail && <p className={`lines ${styles.detail}`}>{detail}</p>}
      </div>
      <span className={styles.source}>{source}</span>
    </li>
  )
}
