import { ChevronRight, Images } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Agent, agents } from '../../../shared/values.ts'
import { useRoute } from '../../data/hooks.ts'
import { libraryPath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './library-links.module.css'

/** Links to the libraries of both agents, each with its number of jobs. */
export function LibraryLinks() {
  return (
    <ul>
      {agents.map((agent) => (
        <LibraryLink key={agent} agent={agent} />
      ))}
    </ul>
  )
}

function LibraryLink({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const { data } = useRoute('jobs.counts', { agent })
  return (
    <li>
      <InternalLink to={libraryPath()} agent={agent} className={styles.library}>
        <Icon icon={Images} size={18} />
        <span>
          <span className={styles.title}>{t(`help.where.library.${agent}`)}</span>
          <span className={`lines ${styles.detail}`}>{data ? t('help.where.jobs', { count: data.total }) : ''}</span>
        </span>
        <Icon icon={ChevronRight} />
      </InternalLink>
    </li>
  )
}
