import { createContext, use } from 'react'
import { useTranslation } from 'react-i18next'
import type { Format } from './format.ts'
import type { Localization } from './i18n.ts'

export const FormatsContext = createContext<Localization['formats'] | null>(null)

/** Formats of the current language. In `both`, values outside of texts are in English format. */
export function useFormat(): Format {
  const formats = use(FormatsContext)
  const { i18n } = useTranslation()
  if (!formats) throw new Error('useFormat outside of FormatsContext')
  return formats[i18n.language === 'ko' ? 'ko' : 'en']
}
