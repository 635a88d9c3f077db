import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { AppError } from '../../../shared/errors.ts'
import type { ImportPreview, UnreadableSource } from '../../../shared/import-views.ts'
import type { Guess, ImportEncoding, Reading } from '../../../shared/imports.ts'
import { useBridge } from '../../data/hooks.ts'
import { request } from '../../data/request.ts'

/** The source of a preview: an upload, or the stored table of an import. */
export type Source = { upload: string; name: string } | { batch: number }

/** The choices of the user. A null `reading` means the app's own. */
export interface Choice {
  encoding: ImportEncoding | null
  table: number
  reading: Reading | null
  account: string | null
  /** The positions of the further rows at a seam; null if the user did not choose. */
  further: readonly number[] | null
}

/** Arrow keys pass over the options of a list: only the option that stays selected is read. */
const pauseMs = 150

/** The previews of a source: how the user wants it read, and how the app reads it by itself. */
export function usePreview(source: Source, choice: Choice) {
  const settled = useSettled(choice)
  const own = useQueryOf(source, { ...settled, reading: null }, true)
  const chosen = useQueryOf(source, settled, settled.reading !== null)
  const { data, error, isPlaceholderData, refetch } = settled.reading === null ? own : chosen
  const guesses: Guess[] = own.data && 'guesses' in own.data ? own.data.guesses : []
  return {
    preview: data ?? own.data,
    guesses,
    error,
    refetch,
    /** Whether the preview does not show the latest choice yet. */
    isStale: isPlaceholderData || data === undefined || settled !== choice,
  }
}

function useQueryOf(source: Source, choice: Choice, enabled: boolean) {
  const bridge = useBridge()
  return useQuery<ImportPreview | UnreadableSource, AppError>({
    queryKey: ['imports.preview', source, choice],
    queryFn: () =>
      'batch' in source
        ? request(bridge, 'imports.previewReading', {
            batch: source.batch,
            reading: choice.reading,
            ...furtherOf(choice),
          })
        : request(bridge, 'imports.preview', uploadInput(source, choice)),
    enabled,
    placeholderData: keepPreviousData,
    // An import or its undoing changes which rows are new.
    gcTime: 0,
  })
}

/** The input of the routes that read a source. */
export const uploadInput = (
  { upload, name }: Exclude<Source, { batch: number }>,
  { encoding, table, reading, account, ...choice }: Choice,
) => ({ upload, source: name, encoding, table, reading, account, ...furtherOf(choice) })

export const furtherOf = ({ further }: Pick<Choice, 'further'>) => (further ? { further: [...further] } : {})

function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
