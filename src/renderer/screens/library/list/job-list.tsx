import { ArrowUp } from 'lucide-react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobCounts } from '../../../../shared/views.ts'
import type { GalleryHandle } from '../../../gallery/gallery.tsx'
import type { View } from '../../../gallery/page-layout.ts'
import { ErrorState } from '../../../parts/screen/states.tsx'
import { Button } from '../../../ui/button.tsx'
import type { LiveFilter } from '../use-live-filter.ts'
import type { useOpenJob } from '../use-open-job.ts'
import { FilterBar } from './filter-bar.tsx'
import { JobGallery } from './job-gallery.tsx'
import styles from './job-list.module.css'
import { JumpToDate } from './jump-to-date.tsx'
import { LapsedFiles } from './lapsed-files.tsx'
import { NoJobs } from './no-jobs.tsx'
import type { HistoryList, LibraryList, SearchList } from './use-library-list.ts'

interface JobListProps {
  gallery: RefObject<GalleryHandle | null>
  view: View
  density: 'default' | 'compact'
  live: LiveFilter
  list: LibraryList
  /** Whether a search is being typed, and the next key will bring another list. */
  isPassing: boolean
  counts: JobCounts | undefined
  open: ReturnType<typeof useOpenJob>
}

/** The search, the filters, and the matching jobs. */
export function JobList({ live, list, counts, ...rest }: JobListProps) {
  const { t } = useTranslation()
  const { gallery } = rest
  const total = useTotal(counts)
  const jumpTo = async ({ findTime }: HistoryList, before: number) => {
    const position = await findTime(before)
    if (position) gallery.current?.goToDay(position)
  }
  return (
    <section className={styles.list} aria-label={t('library.jobs')}>
      <FilterBar filter={live.filter} counts={counts} onChange={live.change} onLeave={live.settle}>
        {list.kind === 'history' && list.days.length > 1 && (
          <JumpToDate days={list.days} onJump={(before) => jumpTo(list, before)} />
        )}
      </FilterBar>
      <p role="status" className="sr-only">
        {(list.kind === 'history' || list.kind === 'search') && total}
      </p>
      {list.kind === 'history' && list.error && (
        <div className={styles.failed}>
          <ErrorState title={t('library.failed.more')} error={list.error} onRetry={list.retry} />
        </div>
      )}
      <LapsedFiles />
      <div className={styles.scroll}>
        {list.kind === 'failed' && (
          <ErrorState title={t('library.failed.list')} error={list.error} onRetry={list.retry} />
        )}
        {(list.kind === 'history' || list.kind === 'search') && (
          <Jobs list={list} live={live} total={total} {...rest} />
        )}
      </div>
    </section>
  )
}

interface JobsProps extends Pick<JobListProps, 'gallery' | 'view' | 'density' | 'live' | 'isPassing' | 'open'> {
  list: HistoryList | SearchList
  total: string
}

function Jobs({ gallery, view, density, live, list, isPassing, total, open }: JobsProps) {
  const { t } = useTranslation()
  const showWaiting = () => {
    gallery.current?.scrollToTop()
    list.showWaiting()
  }
  const isEmpty = list.pages.every((page) => page.count === 0)
  return (
    <>
      {list.waiting > 0 && (
        <div className={styles.waiting}>
          <Button icon={ArrowUp} size="small" onClick={showWaiting}>
            {t('library.newJobs', { count: list.waiting })}
          </Button>
        </div>
      )}
      {list.kind === 'search' && list.searchedNewest !== null && (
        <p className={styles.note}>{t('library.searchedNewest', { count: list.searchedNewest })}</p>
      )}
      {list.kind === 'search' && list.isLoose && <p className={styles.note}>{t('library.looseMatches')}</p>}
      {list.kind === 'search' && list.endsLoose && <p className={styles.note}>{t('library.looseAfter')}</p>}
      {isEmpty ? (
        <NoJobs
          filter={live.filter}
          suggestion={list.kind === 'search' ? list.suggestion : null}
          onFilter={live.change}
        />
      ) : (
        <JobGallery
          handle={gallery}
          view={view}
          density={density}
          list={list}
          isPassing={isPassing}
          total={total}
          open={open}
        />
      )}
      {list.kind === 'search' && list.error && (
        <ErrorState title={t('library.failed.more')} error={list.error} onRetry={list.retry} />
      )}
    </>
  )
}

/** The number of jobs of the list, in words. */
function useTotal(counts: JobCounts | undefined): string {
  const { t } = useTranslation()
  if (!counts) return ''
  return counts.isComplete
    ? t('library.total', { count: counts.total })
    : t('library.totalLeast', { least: counts.total })
}
