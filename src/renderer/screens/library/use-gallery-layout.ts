import { type RefObject, useMemo, useRef } from 'react'
import type { FoundJob } from '../../../shared/views.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { jobKey, type Layout, layOut, tileShape } from './layout.ts'
import { useMeasures } from './use-measures.ts'

const quarterHour = 15 * 60_000

interface Jobs {
  id: string
  jobs: readonly FoundJob[]
  more: boolean
  view: Layout['view']
}

/** The places of jobs in a gallery of the width of `list`. A tile keeps its shape while its list is open. */
export function useGalleryLayout(list: RefObject<HTMLElement | null>, { id, jobs, more, view }: Jobs): Layout {
  const measures = useMeasures(list)
  const dayOf = useDayOf()
  // A job that finishes gets a picture of another shape, and must move nothing around it.
  const shapes = useRef({ id, known: new Map<string, number>() })
  return useMemo(() => {
    if (shapes.current.id !== id) shapes.current = { id, known: new Map() }
    const { known } = shapes.current
    const shapeOf = (job: FoundJob) => {
      const key = jobKey(job)
      const shape = known.get(key) ?? tileShape(job)
      known.set(key, shape)
      return shape
    }
    return measures ? layOut(jobs, { view, more, dayOf }, measures, shapeOf) : nothing
  }, [id, jobs, more, view, dayOf, measures])
}

const nothing: Layout = { view: 'grid', rows: [], height: 0, rowOf: new Map(), count: 0 }

/** The local day of a moment; looked up once per quarter hour, by which zones differ. */
function useDayOf(): (at: number) => string {
  const format = useFormat()
  return useMemo(() => {
    const known = new Map<number, string>()
    return (at) => {
      const quarter = Math.floor(at / quarterHour)
      const day = known.get(quarter) ?? format.dayKey(at)
      known.set(quarter, day)
      return day
    }
  }, [format])
}
