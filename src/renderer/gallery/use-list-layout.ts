import { type RefObject, useMemo, useRef } from 'react'
import { emptyLayout, type ListLayout, layOutList } from './list-layout.ts'
import type { ItemTraits, ListPage } from './list-page.ts'
import { layOutPage, type PageLayout, type View } from './page-layout.ts'
import { type GallerySizes, useMeasures } from './use-measures.ts'

const quarterHour = 15 * 60_000

interface ListLayoutOptions<Item> {
  id: string
  pages: readonly ListPage<Item>[]
  view: View
  sizes: GallerySizes
  traits: ItemTraits<Item>
  dayOf: (at: number) => string
}

/** The layout of a list in a gallery of the width of `list`; the rows of an unchanged page are computed once. */
export function useListLayout<Item>(
  list: RefObject<HTMLElement | null>,
  { id, pages, view, sizes, traits, dayOf: uncachedDayOf }: ListLayoutOptions<Item>,
): ListLayout<Item> {
  const measures = useMeasures(list, sizes)
  const dayOf = useCachedDayOf(uncachedDayOf)
  const aspectRatioOf = useStableAspectRatio(id, traits)
  const layOut = useMemo(() => {
    if (!measures) return () => emptyLayout
    const { keyOf, timeOf } = traits
    const options = { view, measures, dayOf, keyOf, timeOf, aspectRatioOf }
    const cache = new WeakMap<readonly Item[], { before: string | null; layout: PageLayout<Item> }>()
    const layOutCached: typeof layOutPage<Item> = (items, _, before) => {
      const last = cache.get(items)
      if (last?.before === before) return last.layout
      const layout = layOutPage(items, options, before)
      cache.set(items, { before, layout })
      return layout
    }
    return (all: readonly ListPage<Item>[]) => layOutList(all, options, layOutCached)
  }, [measures, view, dayOf, traits, aspectRatioOf])
  return useMemo(() => layOut(pages), [layOut, pages])
}

/**
 * Aspect ratios that do not change while a list is shown: an item that was unfinished keeps its first one, so that nothing
 * around it moves when it finishes.
 */
function useStableAspectRatio<Item>(id: string, traits: ItemTraits<Item>): (item: Item) => number {
  const known = useRef({ id, first: new Map<string, number>() })
  return useMemo(() => {
    if (known.current.id !== id) known.current = { id, first: new Map() }
    const { first } = known.current
    return (item) => {
      const key = traits.keyOf(item)
      const ratio = first.get(key) ?? traits.aspectRatioOf(item)
      if (traits.isUnfinished(item)) first.set(key, ratio)
      return ratio
    }
  }, [id, traits])
}

/** Formatting a date is slow: the day is computed once per quarter hour, the unit in which time zones differ. */
function useCachedDayOf(dayOf: (at: number) => string): (at: number) => string {
  return useMemo(() => {
    const days = new Map<number, string>()
    return (at) => {
      const quarter = Math.floor(at / quarterHour)
      const day = days.get(quarter) ?? dayOf(at)
      days.set(quarter, day)
      return day
    }
  }, [dayOf])
}
