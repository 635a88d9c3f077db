import { Images } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobItem } from '../../../shared/views.ts'
import { useIsImported } from '../../data/account.ts'
import { jobKey } from '../../data/records.ts'
import { lines } from '../../i18n/format.ts'
import { libraryPath } from '../../navigation/paths.ts'
import { ExternalLink, InternalLink } from '../../parts/screen/links.tsx'
import { EmptyState } from '../../parts/screen/states.tsx'
import { SectionHeading } from '../../ui/section-heading.tsx'
import styles from './newest.module.css'
import { ResultTile } from './result-tile.tsx'

const tiles = 5

/** The newest results of both agents. */
export function Newest({ jobs }: { jobs: JobItem[] }) {
  const { t } = useTranslation()
  const id = useId()
  const isImported = useIsImported()
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id} aside={<InternalLink to={libraryPath()}>{t('overview.openLibrary')}</InternalLink>}>
        {t('overview.newest')}
      </SectionHeading>
      {jobs.length > 0 ? (
        <ul className={styles.strip}>
          {jobs.slice(0, tiles).map((job) => (
            <li key={jobKey(job)}>
              <ResultTile job={job} />
            </li>
          ))}
        </ul>
      ) : (
        <EmptyState
          icon={Images}
          title={t(isImported ? 'library.empty.imported.title' : 'overview.noResults')}
          reason={t(isImported ? 'library.empty.imported.reason' : 'overview.noResultsReason', lines)}
          action={<ExternalLink to="home">{t('overview.openCarat')}</ExternalLink>}
        />
      )}
    </section>
  )
}
