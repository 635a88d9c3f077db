import { useTranslation } from 'react-i18next'
import { useRoute } from '../../data/hooks.ts'
import { accountField } from '../../data/records.ts'
import { type CaseRef, casePath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { CaseName } from './case-name.tsx'
import styles from './support.module.css'

/** A link to a case by its name; plain text if the case no longer exists because its charge was linked to a job. */
export function CaseLink({ of }: { of: CaseRef }) {
  const { t } = useTranslation()
  const { data, error } = useRoute('refunds.get', { ...accountField(of), case: of.case })
  if (error) return <span className={styles.hint}>{t('support.caseGone')}</span>
  return (
    data && (
      <InternalLink to={casePath(of, { tab: 'all' })} className={styles.link}>
        <CaseName item={data} />
      </InternalLink>
    )
  )
}
