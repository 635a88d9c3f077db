import { createContext, type ReactNode, use, useMemo } from 'react'
import { I18nextProvider, useTranslation } from 'react-i18next'
import type { Format } from './format.ts'
import type { Localization } from './i18n.ts'
import { createLabels, type Labels } from './labels.ts'

interface Words {
  format: Format
  labels: Labels
}

const WordsContext = createContext<Words | null>(null)

/** Gives everything in it the texts, formats and labels of the page's language. */
export function LocalizationProvider({ localization, children }: { localization: Localization; children: ReactNode }) {
  return (
    <I18nextProvider i18n={localization.i18n}>
      <WordsProvider formats={localization.formats}>{children}</WordsProvider>
    </I18nextProvider>
  )
}

function WordsProvider({ formats, children }: { formats: Localization['formats']; children: ReactNode }) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const words = useMemo(
    () => ({ format: formats[language === 'ko' ? 'ko' : 'en'], labels: createLabels(t) }),
    [formats, t, language],
  )
  return <WordsContext value={words}>{children}</WordsContext>
}

/** Formats and labels of the current language. All components share them, because making them is slow. */
export function useWords(): Words {
  const words = use(WordsContext)
  if (!words) throw new Error('useWords outside of LocalizationProvider')
  return words
}

/** Formats of the current language. In `both`, values outside of texts are in English format. */
export const useFormat = (): Format => useWords().format
