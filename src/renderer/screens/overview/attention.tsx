import { CircleCheck } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/views.ts'
import { useIsImported } from '../../data/account.ts'
import { useUnread } from '../../data/connection.ts'
import { caseKey } from '../../data/records.ts'
import { lines } from '../../i18n/format.ts'
import { refundsPath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SectionHeading } from '../../ui/section-heading.tsx'
import styles from './attention.module.css'
import { AttentionRow } from './attention-row.tsx'
import { MatchesLine } from './matches-line.tsx'
import { Waiting } from './waiting.tsx'

/** The cases that need attention, worst first, and lines about pending cases and about charges whose results wait for a decision. */
export function Attention({ overview }: { overview: Overview }) {
  const { t } = useTranslation()
  const id = useId()
  const { attention, attentionCount, waiting, matches, flow } = overview
  const unread = useUnread() || flow.cannotTell > 0
  const isImported = useIsImported()
  const unknown = isImported ? 'overview.tableCannotTell' : 'overview.nothingYetReason'
  const reason = unread ? unknown : 'overview.nothingReason'
  return (
    <section aria-labelledby={id}>
      <SectionHeading
        id={id}
        count={attentionCount > 0 ? attentionCount : undefined}
        aside={<InternalLink to={refundsPath()}>{t('overview.allRefunds')}</InternalLink>}
      >
        {t('overview.attention')}
      </SectionHeading>
      {attention.length > 0 ? (
        <ul>
          {attention.map((item) => (
            <AttentionRow key={caseKey(item)} item={item} />
          ))}
        </ul>
      ) : (
        <div className={styles.none}>
          <Icon icon={CircleCheck} size={18} />
          <div>
            <p className={styles.noneTitle}>{t(unread ? 'overview.nothingYet' : 'overview.nothing')}</p>
            <p className={`lines ${styles.noneReason}`}>{t(reason, lines)}</p>
          </div>
        </div>
      )}
      {waiting.pending + waiting.running > 0 && <Waiting waiting={waiting} />}
      {matches > 0 && <MatchesLine count={matches} />}
    </section>
  )
}
