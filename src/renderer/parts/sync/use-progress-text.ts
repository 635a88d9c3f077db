import { useTranslation } from 'react-i18next'
import type { Progress } from '../../data/sync-progress.ts'

const minute = 60_000

/** Texts for the progress of a snapshot: records read, rate, and remaining time. */
export function useProgressText() {
  const { t } = useTranslation()
  return {
    read: ({ read, total }: Progress) =>
      total === null ? t('sync.readSoFar', { read }) : t('sync.readOf', { read, total }),
    /** Records per second with two significant digits; more digits would flicker. */
    rate: (perSecond: number) => t('sync.rate', { rate: Number(perSecond.toPrecision(2)) }),
    /** Whole minutes, rounded up. */
    left: (remainingMs: number) =>
      remainingMs < minute
        ? t('sync.leftSoon')
        : t('sync.left', { duration: Math.ceil(remainingMs / minute) * minute }),
  }
}
