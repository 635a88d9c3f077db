import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Overview } from '../../../shared/views.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { Amount } from '../../ui/values.tsx'
import styles from './flow-bar.module.css'
import { flowParts } from './flow-parts.ts'

/** The charged credits of the period as a bar of segments. Each segment links to its list. */
export function FlowBar({ overview, days }: { overview: Overview; days: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { flow, charged } = overview
  const parts = flowParts(days).filter(({ part }) => flow[part] > 0)
  return (
    <div>
      <div className={styles.bar} aria-hidden>
        {parts.map(({ part, to }) => (
          <Link
            key={part}
            href={to}
            tabIndex={-1}
            className={styles.part}
            data-part={part}
            style={{ '--share': flow[part] } as CSSProperties}
          />
        ))}
      </div>
      <ul className={styles.legend} aria-label={t('overview.flow.label')}>
        {parts.map(({ part, to }) => (
          <li key={part}>
            <Link href={to} className={styles.entry} data-part={part}>
              <span className={styles.swatch} data-part={part} />
              <span className={styles.name}>{t(`overview.flow.${part}`)}</span>
              <span className={styles.amount}>
                <Amount value={flow[part]} />
                {part === 'delivered' && <small className="num">{format.percent(flow[part] / charged)}</small>}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
