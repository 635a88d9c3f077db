import { createContext, use } from 'react'
import { useTranslation } from 'react-i18next'
import type { Format } from './format.ts'
import type { Localization } from './i18n.ts'

export const FormatsContext = createContext<Localization['formats'] | null>(null)

/** Formats of the language in use. Where both are shown, a value that stands alone is written in English. */
export function useFormat(): Format {
  const formats = use(FormatsContext)
  const { i18n } = useTranslation()
  if (!formats) throw new Error('useFormat outside of FormatsContext')
  return formats[i18n.language === 'ko' ? 'ko' : 'en']
}
