import type { JobRow, Layout, Tile } from './layout.ts'

/** The tile to which a key leads from another one; null for keys that lead nowhere. `page`: pixels in view. */
export function nextTile(layout: Layout, from: Tile, key: string, ctrl: boolean, page: number): Tile | null {
  const at = layout.rowOf.get(from.key) ?? 0
  const row = layout.rows[at] as JobRow
  const aside = layout.view === 'grid'
  switch (key) {
    case 'ArrowRight':
      return aside ? beside(layout, at, from, 1) : null
    case 'ArrowLeft':
      return aside ? beside(layout, at, from, -1) : null
    case 'ArrowDown':
      return below(layout, at, from, 1)
    case 'ArrowUp':
      return below(layout, at, from, -1)
    case 'Home':
      return (ctrl || !aside ? jobRow(layout, 0, 1) : row)?.tiles[0] ?? null
    case 'End':
      return (ctrl || !aside ? jobRow(layout, layout.rows.length - 1, -1) : row)?.tiles.at(-1) ?? null
    case 'PageDown':
      return paged(layout, at, from, page)
    case 'PageUp':
      return paged(layout, at, from, -page)
    default:
      return null
  }
}

function beside(layout: Layout, at: number, from: Tile, step: 1 | -1): Tile | null {
  const row = layout.rows[at] as JobRow
  const next = row.tiles.find((tile) => tile.index === from.index + step)
  return next ?? jobRow(layout, at + step, step)?.tiles.at(step === 1 ? 0 : -1) ?? null
}

/** The tile of the next row whose middle is nearest. */
function below(layout: Layout, at: number, from: Tile, step: 1 | -1): Tile | null {
  const row = jobRow(layout, at + step, step)
  return row && nearest(row, from)
}

function paged(layout: Layout, at: number, from: Tile, distance: number): Tile | null {
  const goal = (layout.rows[at]?.top ?? 0) + distance
  const step = distance > 0 ? 1 : -1
  let found = jobRow(layout, at + step, step)
  for (let index = at + step; found && index >= 0 && index < layout.rows.length; index += step) {
    const row = layout.rows[index]
    if (!row || (row.top - goal) * step > 0) break
    if (row.kind === 'jobs') found = row
  }
  return found && nearest(found, from)
}

/** The first row with jobs from `index` on in the direction of `step`. */
function jobRow(layout: Layout, index: number, step: 1 | -1): JobRow | null {
  for (let at = index; at >= 0 && at < layout.rows.length; at += step) {
    const row = layout.rows[at]
    if (row?.kind === 'jobs') return row
  }
  return null
}

function nearest(row: JobRow, from: Tile): Tile | null {
  const middle = (tile: Tile) => tile.left + tile.width / 2
  const distance = (tile: Tile) => Math.abs(middle(tile) - middle(from))
  return row.tiles.reduce<Tile | null>((best, tile) => (best && distance(best) <= distance(tile) ? best : tile), null)
}
