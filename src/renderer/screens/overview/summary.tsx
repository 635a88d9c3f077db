import { Trans, useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/views.ts'
import { useConnection } from '../../data/connection.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { sentenceOf } from './sentence.ts'
import styles from './summary.module.css'

/** A sentence with the credits used in the period and the credits that need attention. */
export function Summary({ overview, days }: { overview: Overview; days: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { sync } = useConnection()
  const sentence = sentenceOf(overview, sync)
  const { charged, flow, attentionCount } = overview
  const amount = sentence === 'cannotTell' ? flow.cannotTell : flow.attention
  return (
    <div>
      <p className={`num ${styles.period}`}>
        {`${t('credits.period', { count: days })}${middleDot}${format.range(overview.from, overview.to)}`}
      </p>
      <h2 className={`lines ${styles.sentence}`}>
        <Trans
          i18nKey={`overview.sentence.${sentence}`}
          count={sentence === 'toCheck' ? amount : attentionCount}
          values={{ charged, amount }}
          tOptions={lines}
          components={{ em: <em data-tone={sentence === 'cannotTell' ? 'grey' : 'red'} /> }}
        />
      </h2>
    </div>
  )
}
