import { ArrowUp, Images, SearchX } from 'lucide-react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobCounts, JobDay } from '../../../../shared/views.ts'
import { Gallery, type GalleryHandle } from '../../../gallery/gallery.tsx'
import type { View } from '../../../gallery/page-layout.ts'
import { type LibraryFilter, libraryPath } from '../../../navigation/paths.ts'
import { EmptyState, ErrorState } from '../../../parts/states.tsx'
import { Button } from '../../../ui/button.tsx'
import type { useOpenJob } from '../use-open-job.ts'
import { FilterBar } from './filter-bar.tsx'
import styles from './job-list.module.css'
import { JumpToDate } from './jump-to-date.tsx'
import type { JobFeed } from './use-job-feed.ts'
import type { WholeListView } from './use-whole-list.ts'

interface JobListProps {
  gallery: RefObject<GalleryHandle | null>
  view: View
  filter: LibraryFilter
  /** Whether the feed is asked for, rather than the whole list. */
  isSearch: boolean
  feed: JobFeed
  whole: WholeListView
  counts: JobCounts | undefined
  open: ReturnType<typeof useOpenJob>
}

export function JobList({ gallery, view, filter, isSearch, feed, whole, counts, open }: JobListProps) {
  const { t } = useTranslation()
  const totalOf = ({ total, isComplete }: JobCounts) =>
    isComplete ? t('library.total', { count: total }) : t('library.totalLeast', { least: total })
  const total = counts ? totalOf(counts) : ''
  const [asked, other] = isSearch ? [feed, whole] : [whole, feed]
  // What was on screen stays until there is something else to show.
  const jobs = asked.id === undefined && !asked.error ? other : asked
  const isEmpty = jobs.parts.every((part) => part.count === 0)
  const days = jobs === whole ? whole.days : noDays
  const showWaiting = () => {
    gallery.current?.scrollToTop()
    jobs.showWaiting()
  }
  const jumpTo = async (before: number) => {
    const place = await whole.findMoment(before)
    if (place) gallery.current?.goToDay(place)
  }
  return (
    <section className={styles.list} aria-label={t('library.jobs')}>
      <FilterBar filter={filter} counts={counts} onChange={open.narrow}>
        {days.length > 1 && <JumpToDate days={days} onJump={jumpTo} />}
      </FilterBar>
      <p role="status" className="sr-only">
        {jobs.id !== undefined && total}
      </p>
      {jobs.id !== undefined && whole.error && jobs === whole && (
        <div className={styles.failed}>
          <ErrorState title={t('library.failed.more')} error={whole.error} onRetry={whole.retry} />
        </div>
      )}
      <div className={styles.scroll}>
        {jobs.waiting > 0 && (
          <div className={styles.waiting}>
            <Button icon={ArrowUp} size="small" onClick={showWaiting}>
              {t('library.newJobs', { count: jobs.waiting })}
            </Button>
          </div>
        )}
        {jobs === feed && feed.searchedNewest !== null && (
          <p className={styles.note}>{t('library.searchedNewest', { count: feed.searchedNewest })}</p>
        )}
        {jobs.id !== undefined && !isEmpty && (
          <Gallery
            handle={gallery}
            id={jobs.id}
            parts={jobs.parts}
            days={days}
            more={jobs.more}
            view={view}
            total={total}
            selected={open.selectedKey}
            returnTo={open.closedKey}
            pathOf={open.pathOf}
            onOpen={open.onOpen}
            onReach={open.follow}
            onInView={jobs.setInView}
          />
        )}
        {jobs === feed && feed.moreError && (
          <ErrorState title={t('library.failed.more')} error={feed.moreError} onRetry={feed.retryMore} />
        )}
        {jobs.id !== undefined && isEmpty && (
          <NoJobs filter={filter} suggestion={feed.suggestion} narrow={open.narrow} />
        )}
        {jobs.id === undefined && jobs.error && (
          <ErrorState title={t('library.failed.list')} error={jobs.error} onRetry={jobs.retry} />
        )}
      </div>
    </section>
  )
}

const noDays: readonly JobDay[] = []

interface NoJobsProps {
  filter: LibraryFilter
  suggestion: string | null
  narrow: (filter: LibraryFilter) => void
}

function NoJobs({ filter, suggestion, narrow }: NoJobsProps) {
  const { t } = useTranslation()
  const clear = <Button onClick={() => narrow({})}>{t('library.empty.clear')}</Button>
  if (filter.text) {
    return (
      <EmptyState
        icon={SearchX}
        title={t('library.empty.text.title', { text: filter.text, separator: '\n' })}
        reason={t('library.empty.text.reason', { separator: '\n' })}
        action={
          suggestion ? (
            <Button onClick={() => narrow({ ...filter, text: suggestion })}>
              {t('library.suggestion', { text: suggestion })}
            </Button>
          ) : (
            clear
          )
        }
      />
    )
  }
  const filtered = libraryPath(filter) !== libraryPath()
  const reason = filtered ? 'filter' : 'none'
  return (
    <EmptyState
      icon={filtered ? SearchX : Images}
      title={t(`library.empty.${reason}.title`, { separator: '\n' })}
      reason={t(`library.empty.${reason}.reason`, { separator: '\n' })}
      action={filtered && clear}
    />
  )
}
