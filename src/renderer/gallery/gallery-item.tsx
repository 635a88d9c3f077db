import { memo, type ReactNode } from 'react'
import styles from './gallery.module.css'
import type { Tile } from './page-layout.ts'

/** Props for the focusable element of an item: the gallery finds it by them, and they make it the tab stop. */
export interface ItemElementProps {
  className: string | undefined
  tabIndex: 0 | -1
  'data-tile': string
  'aria-current': true | undefined
}

/** `width` of the tile in pixels. */
export type RenderItem<Item> = (item: Item, props: ItemElementProps, width: number) => ReactNode

interface GalleryItemProps<Item> {
  tile: Tile<Item>
  /** Pixels from the top of the canvas. */
  y: number
  height: number
  /** Its index in the whole list. */
  index: number
  /** The number of items of the list; -1 if it is not known. */
  size: number
  isTabStop: boolean
  isSelected: boolean
  renderItem: RenderItem<Item>
}

/** An item at its position. */
export const GalleryItem = memo(function GalleryItem(props: GalleryItemProps<never>) {
  const { tile, y, height, index, size, isTabStop, isSelected, renderItem } = props
  const { item, key, left, width } = tile
  return (
    // biome-ignore lint/a11y/useSemanticElements: positioned items cannot be the children of a ul in every browser's tree
    <div
      role="listitem"
      aria-posinset={index + 1}
      aria-setsize={size}
      className={styles.item}
      style={{ left, top: y, width, height }}
    >
      {renderItem(
        item,
        {
          className: styles.link,
          tabIndex: isTabStop ? 0 : -1,
          'data-tile': key,
          'aria-current': isSelected || undefined,
        },
        width,
      )}
    </div>
  )
}) as unknown as <Item>(props: GalleryItemProps<Item>) => ReactNode
