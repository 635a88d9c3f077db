import { ChevronRight, Images } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type Agent, agents } from '../../../shared/values.ts'
import { useRoute } from '../../data/hooks.ts'
import { libraryPath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/links.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './places.module.css'

/** A list of places in the app where something can be found. */
export const Places = ({ children }: { children: ReactNode }) => <ul className={styles.places}>{children}</ul>

/** The libraries of both agents, each with how much it holds. */
export function LibraryPlaces() {
  return agents.map((agent) => <LibraryPlace key={agent} agent={agent} />)
}

function LibraryPlace({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const { data } = useRoute('jobs.counts', { agent })
  return (
    <li>
      <InternalLink to={libraryPath()} agent={agent} className={styles.place}>
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
