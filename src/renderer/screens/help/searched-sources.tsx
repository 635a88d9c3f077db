import { Check, CircleDashed } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { StreamState } from '../../../shared/views.ts'
import { useConnection } from '../../data/connection.ts'
import { middleDot } from '../../i18n/format.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from './searched-sources.module.css'

const sources = [
  { stream: 'jobs:agent-1', title: 'help.where.library.agent-1' },
  { stream: 'jobs:agent-2', title: 'help.where.library.agent-2' },
  { stream: 'credits', title: 'help.where.ledger' },
] as const

/** The libraries and the ledger that the app has searched, with their size and whether they were read completely. */
export function SearchedSources() {
  const { t } = useTranslation()
  const { sync } = useConnection()
  if (!sync) return null
  return (
    <section className={styles.sources}>
      <h3>{t('help.looked.title')}</h3>
      <ul>
        {sources.map(({ stream, title }) => {
          const state = sync.streams.find((candidate) => candidate.stream === stream)
          return state && <Source key={stream} title={t(title)} state={state} />
        })}
      </ul>
    </section>
  )
}

function Source({ title, state: { lastSuccessAt, records } }: { title: string; state: StreamState }) {
  const { t } = useTranslation()
  const read = lastSuccessAt !== null
  return (
    <li data-read={read}>
      <Icon icon={read ? Check : CircleDashed} />
      <span>
        {title + middleDot}
        {read
          ? `${t('help.looked.records', { count: records })}${middleDot}${t('help.looked.until', { at: lastSuccessAt })}`
          : t('sync.notYet')}
      </span>
    </li>
  )
}
