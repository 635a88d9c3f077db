import { ImageOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobDetail, ResultView } from '../../../../shared/views.ts'
import { jobRef } from '../../../data/records.ts'
import { SaveOriginal } from '../../../parts/jobs/file-actions.tsx'
import { Thumbnail } from '../../../parts/jobs/thumbnail.tsx'
import { Button } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ResultStage } from './result-stage.tsx'
import styles from './result-viewer.module.css'

/** Results that are shown before the user asks for all of them. */
const shownAtFirst = 8

/** One result large, the others below it, and a placeholder for each requested result that was not made. */
export function ResultViewer({ job }: { job: JobDetail }) {
  const { t } = useTranslation()
  const { allResults, requestedResults } = job
  const [chosen, setChosen] = useState(0)
  const [all, setAll] = useState(false)
  const result = allResults[chosen] as ResultView
  const missing = Math.max(0, requestedResults - allResults.length)
  const shown = all ? allResults : allResults.slice(0, shownAtFirst)
  return (
    <div>
      <ResultStage key={result.id} job={job} result={result} />
      {allResults.length + missing > 1 && (
        <ul className={styles.others}>
          {shown.map((one, index) => (
            <li key={one.id}>
              <button
                type="button"
                className={styles.other}
                aria-label={t('library.result', { number: index + 1, count: allResults.length })}
                aria-pressed={index === chosen}
                onClick={() => setChosen(index)}
              >
                <Thumbnail media={{ ...jobRef(job), resultId: one.id }} alt="" className={styles.thumbnail} />
              </button>
            </li>
          ))}
          {shown.length === allResults.length &&
            Array.from({ length: Math.min(missing, shownAtFirst) }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
              <li key={index} className={`${styles.thumbnail} ${styles.missing}`}>
                <Icon icon={ImageOff} />
                <span className="sr-only">{t('library.missingResult')}</span>
              </li>
            ))}
        </ul>
      )}
      {shown.length < allResults.length && (
        <Button variant="soft" size="small" className={styles.all} onClick={() => setAll(true)}>
          {t('common.more')}
        </Button>
      )}
      <div className={styles.save}>
        <SaveOriginal result={{ ...jobRef(job), resultId: result.id }} />
      </div>
    </div>
  )
}
