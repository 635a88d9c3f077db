import { ChevronRight, Images, type LucideIcon, ReceiptText, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type Agent, agents } from '../../../shared/values.ts'
import { Icon } from '../../components/icon.tsx'
import { InternalLink } from '../../components/links.tsx'
import { useRoute } from '../../data/hooks.ts'
import { creditsPath } from '../../navigation/credits-path.ts'
import { libraryPath, refundsPath } from '../../navigation/paths.ts'
import styles from './places.module.css'

const lines = { separator: '\n' }

/** A list of places in the app where something can be found. */
export const Places = ({ children }: { children: ReactNode }) => <ul className={styles.places}>{children}</ul>

interface PlaceProps {
  icon: LucideIcon
  to: string
  agent?: Agent | 'all'
  title: string
  detail: string
}

function Place({ icon, to, agent, title, detail }: PlaceProps) {
  return (
    <li>
      <InternalLink to={to} agent={agent} className={styles.place}>
        <Icon icon={icon} size={18} />
        <span>
          <span className={styles.title}>{title}</span>
          <span className={`lines ${styles.detail}`}>{detail}</span>
        </span>
        <Icon icon={ChevronRight} />
      </InternalLink>
    </li>
  )
}

/** The libraries of both agents, each with how much it holds. */
export function LibraryPlaces() {
  return agents.map((agent) => <LibraryPlace key={agent} agent={agent} />)
}

function LibraryPlace({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const { data } = useRoute('jobs.counts', { agent })
  return (
    <Place
      icon={Images}
      to={libraryPath()}
      agent={agent}
      title={t(`help.where.library.${agent}`)}
      detail={data ? t('help.where.jobs', { count: data.total }) : ''}
    />
  )
}

/** The open cases, with how many ask for attention and for how many credits. */
export function RefundsPlace() {
  const { t } = useTranslation()
  const { data } = useRoute('refunds.counts', {})
  return (
    <Place
      icon={Undo2}
      to={refundsPath()}
      agent="all"
      title={t('help.where.refunds')}
      detail={
        data?.attention
          ? t('help.where.toCheck', { count: data.attention, amount: data.attentionCredits })
          : t('help.where.refundsDetail', lines)
      }
    />
  )
}

export function LedgerPlace() {
  const { t } = useTranslation()
  return (
    <Place
      icon={ReceiptText}
      to={creditsPath({ kinds: ['charge'] })}
      agent="all"
      title={t('help.where.ledger')}
      detail={t('help.where.ledgerDetail', lines)}
    />
  )
}
