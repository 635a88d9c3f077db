import { X } from 'lucide-react'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../../../../shared/values.ts'
import { useRoute } from '../../../data/hooks.ts'
import { jobKey, recordAttributes } from '../../../data/records.ts'
import { laterCode, useLaterCode } from '../../../parts/screen/later-code.ts'
import { ErrorState } from '../../../parts/screen/states.tsx'
import { useNotLoaded } from '../../../parts/screen/use-not-loaded.ts'
import { IconButton } from '../../../ui/button.tsx'
import { pageReady } from '../../../ui/page-ready.ts'
import styles from './job-panel.module.css'

const content = laterCode(() => import('./job-content.tsx').then((code) => code.JobContent))
// If this fails, the first job that is opened says so.
pageReady.then(content.prepare).catch(() => {})

interface JobPanelProps {
  selected: { account?: string; agent: Agent; jobId: string }
  /** Whether it replaces the list, as on a narrow page. */
  alone: boolean
  onClose: () => void
}

/** The open job. Its content loads after the list is painted. */
export function JobPanel({ selected, alone, onClose }: JobPanelProps) {
  const { t } = useTranslation()
  const panel = useRef<HTMLElement>(null)
  useEscape(onClose)
  useEffect(() => {
    if (alone) panel.current?.focus()
  }, [alone])
  const { data: job, error, refetch } = useRoute('jobs.get', selected)
  const { Loaded, hasFailed } = useLaterCode(content)
  const notLoaded = useNotLoaded()
  const failure = error ? { error, retry: () => void refetch() } : hasFailed ? notLoaded : null
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      className={styles.panel}
      aria-label={t('library.detail')}
      {...(job && !error && recordAttributes(job))}
    >
      {failure ? (
        <div className={styles.failed}>
          <IconButton icon={X} label={t('common.close')} onClick={onClose} />
          <ErrorState title={t('library.failed.job')} error={failure.error} onRetry={failure.retry} />
        </div>
      ) : (
        job && Loaded && <Loaded key={jobKey(job)} job={job} onClose={onClose} />
      )}
    </aside>
  )
}

/** Calls `onEscape` for the key wherever the focus is, unless a floating layer or a search takes it. */
function useEscape(onEscape: () => void): void {
  const close = useEffectEvent(onEscape)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing) return
      const { target } = event
      if (target instanceof Element && target.closest('[role="menu"], [role="dialog"]')) return
      if (target instanceof HTMLTextAreaElement && target.value !== '') return
      if (target instanceof HTMLInputElement && target.type === 'search' && target.value !== '') return
      close()
    }
    // In the capture phase: the tooltip of a focused button would handle the first press.
    document.addEventListener('keydown', onKeyDown, { capture: true })
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true })
  }, [])
}
