import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Overview } from '../../../shared/views.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { Amount } from '../../ui/values.tsx'
import styles from './flow-bar.module.css'
import { flowSegments } from './flow-segments.ts'

/** The charged credits of the period as a bar of segments. Each segment links to its list. */
export function FlowBar({ overview, days }: { overview: Overview; days: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { flow, charged } = overview
  const segments = flowSegments(days).filter(({ segment }) => flow[segment] > 0)
  return (
    <div>
      <div className={styles.bar} aria-hidden>
        {segments.map(({ segment, to }) => (
          <Link
            key={segment}
            href={to}
            tabIndex={-1}
            className={styles.segment}
            data-segment={segment}
            style={{ '--share': flow[segment] } as CSSProperties}
          />
        ))}
      </div>
      <ul className={styles.legend} aria-label={t('overview.flow.label')}>
        {segments.map(({ segment, to }) => (
          <li key={segment}>
            <Link href={to} className={styles.entry} data-segment={segment}>
              <span className={styles.swatch} data-segment={segment} />
              <span className={styles.name}>{t(`overview.flow.${segment}`)}</span>
              <span className={styles.amount}>
                <Amount value={flow[segment]} />
                {segment === 'delivered' && <small className="num">{format.percent(flow[segment] / charged)}</small>}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
