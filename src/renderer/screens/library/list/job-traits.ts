/** The traits of jobs for the gallery engine. */
import { hasPicture } from '../../../../shared/media-types.ts'
import type { FoundJob } from '../../../../shared/views.ts'
import { jobKey } from '../../../data/records.ts'
import type { ItemTraits } from '../../../gallery/list-page.ts'
import type { GallerySizes } from '../../../gallery/use-measures.ts'

/** Width over height of tiles. Taller and wider pictures are cropped to the bounds. */
const ratios = { withoutResult: 1.3, withoutPicture: 1.2, ofUnknownPicture: 1, tallest: 0.56, widest: 2.4 }

/** Width over height of the tile of a job: of its first picture, within bounds, else with room for its words. */
export function aspectRatioOf(job: FoundJob): number {
  const [first] = job.results
  if (!first) return ratios.withoutResult
  if (!hasPicture(first.mimeType)) return ratios.withoutPicture
  const { width, height } = first
  if (!width || !height) return ratios.ofUnknownPicture
  return Math.min(ratios.widest, Math.max(ratios.tallest, width / height))
}

export const jobTraits: ItemTraits<FoundJob> = {
  keyOf: jobKey,
  timeOf: (job) => job.createdAt,
  aspectRatioOf,
  isUnfinished: (job) => job.results.length === 0,
}

export const jobSizes: Record<'default' | 'compact', GallerySizes> = {
  default: { dayHeight: 44, rowHeight: 36, tallRowHeight: 60, narrowBelow: 520, tileMin: 130, tileMax: 180 },
  compact: { dayHeight: 44, rowHeight: 32, tallRowHeight: 52, narrowBelow: 520, tileMin: 112, tileMax: 128 },
}
