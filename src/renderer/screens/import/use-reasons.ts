import { useTranslation } from 'react-i18next'
import type { ImportPreview } from '../../../shared/import-views.ts'
import {
  answerFor,
  type ColumnRole,
  columnRoles,
  type DateOrder,
  dateOrders,
  type Guess,
  type Reading,
  type SignRule,
  signRules,
} from '../../../shared/imports.ts'
import { lines, zoneLabel } from '../../i18n/format.ts'
import { guessAbout } from './reading.ts'

/** The words for the parts of a reading, and the reason for each guess; null if the app made no guess. */
export function useReasons(preview: ImportPreview, reading: Reading, guesses: readonly Guess[]) {
  const { t } = useTranslation()
  const words = {
    role: (role: ColumnRole) => t(`import.role.${role}`),
    sign: (rule: SignRule) => t(`import.signRule.${rule}`),
    order: (order: DateOrder) => t(`import.dateOrder.${order}`),
    headingRow: (origin: string) =>
      origin === '' ? t('history.noHeading') : t('history.row', { row: Number(origin) }),
  }
  const meaning = ({ about }: Guess, value: string): string => {
    if (about === 'column') return words.role(columnRoles.find((role) => role === value) ?? 'ignored')
    if (about === 'sign_rule') return words.sign(signRules.find((rule) => rule === value) ?? 'as_written')
    if (about === 'date_order') return words.order(dateOrders.find((order) => order === value) ?? 'year_first')
    return about === 'heading_row' ? words.headingRow(value) : zoneLabel(value)
  }
  const reason = (about: Guess['about'], column: number | null = null): string | null => {
    const guess = guessAbout(guesses, about, column)
    if (!guess) return null
    const origins = preview.rows.map(({ row }) => row)
    if (answerFor(reading, about, column, origins) !== guess.as) {
      return t('history.chosenInstead', { as: meaning(guess, guess.as), ...lines })
    }
    const { code, params } = guess.because
    const because = t(`import.guess.${code}`, { ...params, ...lines })
    const { runnerUp } = guess
    const other = runnerUp && t('history.runnerUp', { as: meaning(guess, runnerUp.as), ...lines })
    const isBetter = runnerUp?.because.code === 'shifted_from_known'
    const why = isBetter && t('import.guess.shifted_from_known', { ...runnerUp.because.params, ...lines })
    return [because, other, why].filter(Boolean).join('\n')
  }
  return { words, reason }
}
