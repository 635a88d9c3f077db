import { type RefObject, useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { FoundJob } from '../../../../shared/views.ts'
import { recordAttributes } from '../../../data/records.ts'
import { Gallery, type GalleryHandle } from '../../../gallery/gallery.tsx'
import type { ItemElementProps, RenderItem } from '../../../gallery/gallery-item.tsx'
import type { View } from '../../../gallery/page-layout.ts'
import type { ScrubberDay } from '../../../gallery/scrubber-layout.ts'
import { useFormat } from '../../../i18n/use-format.tsx'
import { useAccountLabel } from '../../../parts/accounts/account-label.ts'
import { JobLine } from '../../../parts/jobs/job-line.tsx'
import { JobTile } from '../../../parts/jobs/job-tile.tsx'
import { useJobName } from '../../../parts/jobs/use-job-words.ts'
import type { useOpenJob } from '../use-open-job.ts'
import { DayHeading } from './day-heading.tsx'
import { jobSizes, jobTraits } from './job-traits.ts'
import type { HistoryList, SearchList } from './use-library-list.ts'

/** Tiles of this width in pixels have room for all words. */
const wideTile = 220

interface JobGalleryProps {
  handle: RefObject<GalleryHandle | null>
  view: View
  density: 'default' | 'compact'
  list: HistoryList | SearchList
  /** Whether a search is being typed, and the next key will bring another list. */
  isPassing: boolean
  /** The number of jobs, in words. */
  total: string
  open: ReturnType<typeof useOpenJob>
}

/** The jobs of a list in the gallery. */
export function JobGallery({ handle, view, density, list, isPassing, total, open }: JobGalleryProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const accountLabel = useAccountLabel()
  const jobDays = list.kind === 'history' ? list.days : undefined
  const days = useMemo(
    () => jobDays?.map(({ day, charged, lost }): ScrubberDay => ({ day, amount: charged, highlighted: lost })) ?? [],
    [jobDays],
  )
  const scrubberTexts = useMemo(
    () => ({
      label: t('library.jump.label'),
      day: format.weekday,
      month: format.month,
      year: (at: number) => format.dayKey(at).slice(0, 4),
      sums: (bucket: { amount: number; highlighted: number }) =>
        t('library.scrubber.sums', { charged: bucket.amount, lost: bucket.highlighted }),
    }),
    [t, format],
  )
  const { pathOf, onOpen } = open
  const replaces = open.selected !== null
  // Stable, so that typing and new counts do not draw every tile again.
  const renderItem = useCallback<RenderItem<FoundJob>>(
    (job, props, width) => (
      <JobLink
        job={job}
        account={accountLabel(job.account)}
        view={view}
        isWide={width >= wideTile}
        path={pathOf(job)}
        replaces={replaces}
        onOpen={onOpen}
        {...props}
      />
    ),
    [accountLabel, view, pathOf, replaces, onOpen],
  )
  return (
    <Gallery
      handle={handle}
      list={list}
      traits={jobTraits}
      sizes={jobSizes[density]}
      view={view}
      label={t('library.jobs')}
      dayOf={format.dayKey}
      renderItem={renderItem}
      renderHeading={({ at, count, isFirst }) => (
        <DayHeading at={at} count={count} aside={isFirst ? total : undefined} />
      )}
      isPassing={isPassing}
      days={days}
      scrubberTexts={scrubberTexts}
      selected={open.selectedKey}
      returnTo={open.closedKey}
      onReach={open.follow}
    />
  )
}

interface JobLinkProps extends ItemElementProps {
  job: FoundJob
  /** The name of its account in a view of all, else empty. */
  account: string
  view: View
  isWide: boolean
  path: string
  /** Whether another job is open, which this one replaces. */
  replaces: boolean
  onOpen: () => void
}

/** A job in the list: a link that opens it. */
function JobLink({ job, account, view, isWide, path, replaces, onOpen, ...props }: JobLinkProps) {
  const name = useJobName(job)
  return (
    <Link
      href={path}
      replace={replaces}
      onClick={onOpen}
      {...recordAttributes(job)}
      {...props}
      aria-label={account === '' ? name : `${name}, ${account}`}
      draggable={false}
    >
      {view === 'grid' ? <JobTile job={job} isWide={isWide} /> : <JobLine job={job} />}
    </Link>
  )
}
