import i18next from 'i18next'
import en from '../../resources/locales/en.json' with { type: 'json' }
import ko from '../../resources/locales/ko.json' with { type: 'json' }
import type { ErrorView } from '../shared/errors.ts'
import type { Language } from '../shared/values.ts'

const messages = i18next.createInstance()
messages.init({
  initAsync: false,
  resources: { en: { translation: en }, ko: { translation: ko } },
  fallbackLng: 'en',
  interpolation: { escapeValue: false },
})

/** The sentence of an error for a terminal or a system dialog; `both` gives the English line, then the Korean one. */
export function errorMessage({ code, params }: ErrorView, language: Language): string {
  const languages = language === 'both' ? ['en', 'ko'] : [language]
  return languages.map((lng) => messages.t(`error.${code}`, { lng, ...params })).join('\n')
}
