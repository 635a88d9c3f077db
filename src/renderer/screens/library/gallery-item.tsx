import { type CSSProperties, memo } from 'react'
import { Link } from 'wouter'
import { recordAttributes } from '../../data/record-attributes.ts'
import styles from './gallery.module.css'
import { JobLine } from './job-line.tsx'
import { JobTile } from './job-tile.tsx'
import type { Layout, Row, Tile } from './layout.ts'
import { useJobName } from './use-job-words.ts'

interface GalleryItemProps {
  tile: Tile
  row: Row
  view: Layout['view']
  /** Whether the tab key stops here. */
  isStop: boolean
  isSelected: boolean
  /** How many jobs the list has; -1 while nobody knows. */
  size: number
  path: string
  onOpen: () => void
  /** Whether a job is open already, from which one goes on to this one. */
  replaces: boolean
}

/** A job in its place: a link that opens it. */
export const GalleryItem = memo(function GalleryItem(props: GalleryItemProps) {
  const { tile, row, view, isStop, isSelected, size, path, onOpen, replaces } = props
  const { job, key, index, left, width } = tile
  const name = useJobName(job)
  return (
    // biome-ignore lint/a11y/useSemanticElements: positioned items cannot be the children of a ul in every browser's tree
    <div
      role="listitem"
      aria-posinset={index + 1}
      aria-setsize={size}
      className={styles.item}
      style={
        { '--x': `${left}px`, '--y': `${row.top}px`, '--w': `${width}px`, '--h': `${row.height}px` } as CSSProperties
      }
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
