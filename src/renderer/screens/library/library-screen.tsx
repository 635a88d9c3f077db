import { LayoutGrid, List } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../data/connection.ts'
import { useReady } from '../../data/ready.ts'
import { useSettings } from '../../data/settings.ts'
import type { GalleryHandle } from '../../gallery/gallery.tsx'
import { libraryPath, useLibraryFilter } from '../../navigation/paths.ts'
import { Screen } from '../../parts/screen.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { useMediaQuery } from '../../ui/use-media-query.ts'
import { JobPanel } from './job/job-panel.tsx'
import styles from './library-screen.module.css'
import { JobList } from './list/job-list.tsx'
import { useJobCounts } from './list/use-job-counts.ts'
import { useJobFeed } from './list/use-job-feed.ts'
import { useJobQuery } from './list/use-job-query.ts'
import { useWholeList } from './list/use-whole-list.ts'
import { useOpenJob } from './use-open-job.ts'

/** The jobs of both agents and the open one beside them; in a narrow window the list, then the job. */
export function LibraryScreen() {
  const { t } = useTranslation()
  const narrow = useMediaQuery('(max-width: 719px)')
  const [settings, updateSettings] = useSettings()
  const filter = useLibraryFilter()
  const query = useJobQuery(filter)
  const gallery = useRef<GalleryHandle>(null)
  // Until everything was read once, jobs arrive in any order and belong where they are.
  const wasSynced = typeof useConnection().sync?.lastSuccessAt === 'number'
  const shouldHold = () => wasSynced && gallery.current?.isLookedAt() === true
  const { text, ...withoutText } = query
  const feed = useJobFeed(query, { enabled: text !== undefined, shouldHold })
  const whole = useWholeList(withoutText, { enabled: text === undefined, shouldHold })
  const { id: loaded } = text === undefined ? whole : feed
  const counts = useJobCounts(query, loaded === JSON.stringify(text === undefined ? withoutText : query))
  const open = useOpenJob(filter)
  const { selected } = open
  useReady([feed, whole].some(({ id, error }) => id !== undefined || error !== null))

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
            filter={filter}
            isSearch={text !== undefined}
            feed={feed}
            whole={whole}
            counts={counts}
            open={open}
          />
        )}
        {selected && <JobPanel selected={selected} alone={alone} onClose={open.close} />}
      </div>
    </Screen>
  )
}
