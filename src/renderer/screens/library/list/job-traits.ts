/** The traits of jobs for the gallery engine. */
import type { FoundJob } from '../../../../shared/views.ts'
import { jobKey } from '../../../data/records.ts'
import type { ItemTraits } from '../../../gallery/list-page.ts'
import type { GallerySizes } from '../../../gallery/use-measures.ts'

/** Width over height of the tile of a job: of its first picture, within bounds, else with room for its words. */
export function aspectRatioOf(job: FoundJob): number {
  const [first] = job.results
  if (!first) return 1.3
  if (!/^(image|video)\//.test(first.mimeType)) return 1.2
  const { width, height } = first
  return width && height ? Math.min(2.4, Math.max(0.56, width / height)) : 1
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
