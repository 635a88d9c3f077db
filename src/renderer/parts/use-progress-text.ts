import { useTranslation } from 'react-i18next'
import type { Progress } from '../data/sync-progress.ts'

const minute = 60_000

/** How far a listing is, in words: how much of it, how fast, and how long the rest takes, as far as that is known. */
export function useProgressText() {
  const { t } = useTranslation()
  return {
    read: ({ read, total }: Progress) =>
      total === null ? t('sync.readSoFar', { read }) : t('sync.readOf', { read, total }),
    /** Two digits of it: more would only flicker. */
    rate: (perSecond: number) => t('sync.rate', { rate: Number(perSecond.toPrecision(2)) }),
    /** Whole minutes, rounded up. */
    left: (remainingMs: number) =>
      remainingMs < minute
        ? t('sync.leftSoon')
        : t('sync.left', { duration: Math.ceil(remainingMs / minute) * minute }),
  }
}
