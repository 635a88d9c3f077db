import type { UseQueryResult } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppError } from '../../../shared/errors.ts'
import type { CaseDetail } from '../../../shared/views.ts'
import { recordAttributes } from '../../data/records.ts'
import { ErrorState, LoadingState } from '../../parts/screen/states.tsx'
import { CaseExplanation } from './case-explanation.tsx'
import styles from './refunds-screen.module.css'

interface CasePanelProps {
  detail: UseQueryResult<CaseDetail, AppError>
  /** The panel is shown without the list. It then has the record attributes of the case and takes the focus. */
  alone: boolean
}

export function CasePanel({ detail: { data, error, isPending, refetch }, alone }: CasePanelProps) {
  const { t } = useTranslation()
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    if (alone) panel.current?.focus()
  }, [alone])
  return (
    <article
      ref={panel}
      className={styles.panel}
      tabIndex={-1}
      aria-label={t('refunds.case')}
      {...(alone && data ? recordAttributes(data) : {})}
    >
      <div className={styles.explanation}>
        {error && <ErrorState title={t('refunds.failed.case')} error={error} onRetry={() => refetch()} />}
        {isPending && <LoadingState />}
        {data && <CaseExplanation item={data} />}
      </div>
    </article>
  )
}
