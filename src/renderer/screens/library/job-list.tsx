import { ArrowUp, Images, SearchX } from 'lucide-react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobCounts } from '../../../shared/views.ts'
import { Button } from '../../components/button.tsx'
import { EmptyState, ErrorState } from '../../components/states.tsx'
import { type LibraryFilter, libraryPath } from '../../navigation/paths.ts'
import { FilterBar } from './filter-bar.tsx'
import { Gallery, type GalleryHandle } from './gallery.tsx'
import styles from './job-list.module.css'
import type { Layout } from './layout.ts'
import type { JobFeed } from './use-job-feed.ts'
import type { useOpenJob } from './use-open-job.ts'

interface JobListProps {
  gallery: RefObject<GalleryHandle | null>
  view: Layout['view']
  filter: LibraryFilter
  feed: JobFeed
  counts: JobCounts | undefined
  open: ReturnType<typeof useOpenJob>
}

export function JobList({ gallery, view, filter, feed, counts, open }: JobListProps) {
  const { t } = useTranslation()
  const total = counts ? t('library.total', { count: counts.total }) : ''
  const showWaiting = () => {
    gallery.current?.scrollToTop()
    feed.showWaiting()
  }
  return (
    <section className={styles.list} aria-label={t('library.jobs')}>
      <FilterBar filter={filter} counts={counts} onChange={open.narrow} />
      <p role="status" className="sr-only">
        {feed.id !== undefined && total}
      </p>
      <div className={styles.scroll}>
        {feed.waiting > 0 && (
          <div className={styles.waiting}>
            <Button icon={ArrowUp} size="small" onClick={showWaiting}>
              {t('library.newJobs', { count: feed.waiting })}
            </Button>
          </div>
        )}
        {feed.searchedNewest !== null && (
          <p className={styles.note}>{t('library.searchedNewest', { count: feed.searchedNewest })}</p>
        )}
        {feed.id !== undefined && feed.jobs.length > 0 && (
          <Gallery
            handle={gallery}
            id={feed.id}
            jobs={feed.jobs}
            more={feed.more}
            view={view}
            total={total}
            selected={open.selectedKey}
            returnTo={open.closedKey}
            pathOf={open.pathOf}
            onOpen={open.onOpen}
            onReach={open.follow}
            onInView={feed.setInView}
          />
        )}
        {feed.moreError && (
          <ErrorState title={t('library.failed.more')} error={feed.moreError} onRetry={feed.retryMore} />
        )}
        {feed.id !== undefined && feed.jobs.length === 0 && (
          <NoJobs filter={filter} suggestion={feed.suggestion} narrow={open.narrow} />
        )}
        {feed.id === undefined && feed.error && (
          <ErrorState title={t('library.failed.list')} error={feed.error} onRetry={feed.retry} />
        )}
      </div>
    </section>
  )
}

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
