import { type CSSProperties, memo } from 'react'
import { Link } from 'wouter'
import { recordAttributes } from '../../../data/record-attributes.ts'
import styles from '../../../gallery/gallery.module.css'
import type { Tile, View } from '../../../gallery/page-layout.ts'
import { JobLine } from '../../../parts/job-line.tsx'
import { JobTile } from '../../../parts/job-tile.tsx'
import { useJobName } from '../../../parts/use-job-words.ts'

interface GalleryItemProps {
  tile: Tile
  /** Pixels from the top of the page. */
  y: number
  height: number
  view: View
  /** Its place among all jobs. */
  place: number
  /** How many jobs the list has; -1 while nobody knows. */
  size: number
  /** Whether the tab key stops here. */
  isStop: boolean
  isSelected: boolean
  path: string
  onOpen: () => void
  /** Whether a job is open already, from which one goes on to this one. */
  replaces: boolean
}

/** A job in its place: a link that opens it. */
export const GalleryItem = memo(function GalleryItem(props: GalleryItemProps) {
  const { tile, y, height, view, place, size, isStop, isSelected, path, onOpen, replaces } = props
  const { job, key, left, width } = tile
  const name = useJobName(job)
  return (
    // biome-ignore lint/a11y/useSemanticElements: positioned items cannot be the children of a ul in every browser's tree
    <div
      role="listitem"
      aria-posinset={place + 1}
      aria-setsize={size}
      className={styles.item}
      style={{ '--x': `${left}px`, '--y': `${y}px`, '--w': `${width}px`, '--h': `${height}px` } as CSSProperties}
    >
      <Link
        href={path}
        replace={replaces}
        onClick={onOpen}
        className={styles.link}
        {...recordAttributes(job)}
        data-tile={key}
        aria-label={name}
        aria-current={isSelected || undefined}
        tabIndex={isStop ? 0 : -1}
        draggable={false}
      >
        {view === 'grid' ? <JobTile job={job} /> : <JobLine job={job} />}
      </Link>
    </div>
  )
})
