import { type RefObject, useMemo, useRef } from 'react'
import type { FoundJob } from '../../shared/views.ts'
import { useFormat } from '../i18n/use-format.tsx'
import { emptyLayout, type ListLayout, layOutList } from './list-layout.ts'
import { jobKey, type Part } from './list-page.ts'
import { layOutPart, type PartLayout, tileShape, type View } from './page-layout.ts'
import { useMeasures } from './use-measures.ts'

const quarterHour = 15 * 60_000

interface Listed {
  id: string
  parts: readonly Part[]
  view: View
}

/** The places of jobs in a gallery of the width of `list`; the rows of a part are computed once. */
export function useListLayout(list: RefObject<HTMLElement | null>, { id, parts, view }: Listed): ListLayout {
  const measures = useMeasures(list)
  const dayOf = useDayOf()
  const shapeOf = useShapeOf(id)
  const place = useMemo(() => {
    const known = new WeakMap<readonly FoundJob[], { before: string | null; layout: PartLayout }>()
    const layOut: typeof layOutPart = (jobs, options, before) => {
      const last = known.get(jobs)
      if (last?.before === before) return last.layout
      const layout = layOutPart(jobs, options, before)
      known.set(jobs, { before, layout })
      return layout
    }
    return (all: readonly Part[]) =>
      measures ? layOutList(all, { view, measures, dayOf, shapeOf }, layOut) : emptyLayout
  }, [measures, view, dayOf, shapeOf])
  return useMemo(() => place(parts), [place, parts])
}

/**
 * The shapes of tiles. A job that is seen before it has a picture keeps its shape while its list is open: when it finishes, it
 * must move nothing around it.
 */
function useShapeOf(id: string): (job: FoundJob) => number {
  const shapes = useRef({ id, empty: new Map<string, number>() })
  return useMemo(() => {
    if (shapes.current.id !== id) shapes.current = { id, empty: new Map() }
    const { empty } = shapes.current
    return (job) => {
      const key = jobKey(job)
      const shape = empty.get(key) ?? tileShape(job)
      if (job.results.length === 0) empty.set(key, shape)
      return shape
    }
  }, [id])
}

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
