import type { BackendModule, ResourceLanguage } from 'i18next'
import type { Language } from '../../shared/values.ts'
import type { FormatLanguage } from './format.ts'

export type Texts = Partial<Record<FormatLanguage, ResourceLanguage>>

/** One file per language, so that the page starts with the texts of its language only. */
const files: Record<FormatLanguage, () => Promise<{ default: ResourceLanguage }>> = {
  ko: () => import('../../../resources/locales/ko.json'),
  en: () => import('../../../resources/locales/en.json'),
}

/** The texts that a page in a language shows. Rejects if they cannot be loaded. */
export async function loadTexts(language: Language): Promise<Texts> {
  const names: FormatLanguage[] = language === 'both' ? ['ko', 'en'] : [language]
  const texts: Texts = {}
  for (const name of names) texts[name] = (await files[name]()).default
  return texts
}

/** Loads the texts of a language when the page changes to it. i18next asks again until that succeeds. */
export const laterTexts: BackendModule = {
  type: 'backend',
  init() {},
  read(language, _namespace, answer) {
    files[language as FormatLanguage]().then(
      (file) => answer(null, file.default),
      (error) => answer(error, true),
    )
  },
}
