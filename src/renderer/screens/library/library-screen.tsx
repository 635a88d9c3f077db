import { LayoutGrid, List } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../data/connection.ts'
import { useSettings } from '../../data/settings.ts'
import type { GalleryHandle } from '../../gallery/gallery.tsx'
import { libraryPath } from '../../navigation/paths.ts'
import { Screen, useReady } from '../../parts/screen/screen.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { narrowPage, useMediaQuery } from '../../ui/use-media-query.ts'
import { JobPanel } from './job/job-panel.tsx'
import styles from './library-screen.module.css'
import { JobList } from './list/job-list.tsx'
import { useJobCounts } from './list/use-job-counts.ts'
import { useJobQuery } from './list/use-job-query.ts'
import { useLibraryList } from './list/use-library-list.ts'
import { useIsTyping } from './use-is-typing.ts'
import { useLiveFilter } from './use-live-filter.ts'
import { useOpenJob } from './use-open-job.ts'

/** The jobs of both agents with the open job beside them; in a narrow window the list or the job. */
export function LibraryScreen() {
  const { t } = useTranslation()
  const narrow = useMediaQuery(narrowPage)
  const [settings, updateSettings] = useSettings()
  const live = useLiveFilter()
  const { filter } = live
  const query = useJobQuery(filter)
  const gallery = useRef<GalleryHandle>(null)
  // During the first sync jobs arrive in any order, so they are put in place at once.
  const wasSynced = typeof useConnection().sync?.lastSuccessAt === 'number'
  const { list, isCurrent } = useLibraryList(query, () => wasSynced && gallery.current?.isInUse() === true)
  const isTyping = useIsTyping(filter.text, isCurrent)
  const counts = useJobCounts(query, isCurrent && !isTyping)
  const open = useOpenJob(filter, isCurrent)
  const { selected } = open
  useReady(list.kind !== 'loading')

  const alone = narrow && selected !== null
  const view = settings?.libraryView ?? 'grid'
  const parent = alone ? { to: libraryPath(filter), title: t('nav.library') } : undefined
  return (
    <Screen
      title={t(alone ? 'library.job' : 'nav.library')}
      parent={parent}
      layout="panes"
      actions={
        !alone && (
          <Segmented
            label={t('library.view.label')}
            value={view}
            onChange={(libraryView) => updateSettings({ libraryView })}
            options={[
              { value: 'grid', label: t('library.view.grid'), icon: LayoutGrid },
              { value: 'list', label: t('library.view.list'), icon: List },
            ]}
          />
        )
      }
    >
      <div className={`${styles.panes} ${selected && !alone ? styles.two : ''}`}>
        {!alone && (
          <JobList
            gallery={gallery}
            view={view}
            density={settings?.density ?? 'default'}
            live={live}
            list={list}
            isPassing={isTyping}
            counts={counts}
            open={open}
          />
        )}
        {selected && <JobPanel selected={selected} alone={alone} onClose={open.close} />}
      </div>
    </Screen>
  )
}
