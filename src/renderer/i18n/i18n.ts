import i18next, { type i18n, type PostProcessorModule } from 'i18next'
import en from '../../../resources/locales/en.json' with { type: 'json' }
import ko from '../../../resources/locales/ko.json' with { type: 'json' }
import type { Language } from '../../shared/values.ts'
import { combine } from './bilingual.ts'
import { createFormat, type Format, type FormatLanguage } from './format.ts'

export interface Localization {
  i18n: i18n
  formats: Record<FormatLanguage, Format>
}

/** In `both`, i18next falls back to English and this adds the Korean of the same key, with values in Korean form. */
const bilingual: PostProcessorModule = {
  type: 'postProcessor',
  name: 'bilingual',
  process(value, key, options, translator) {
    if ((options.lng ?? translator.language) !== 'both') return value
    const korean = translator.translate(key, { ...options, lng: 'ko', lngs: undefined, applyPostProcessor: false })
    return combine(value, korean, options.separator as string | undefined)
  },
}

/**
 * The translations and formats of the page. Values in a text are written `{{at, dateTime}}` with one of the formats
 * `number`, `credits`, `date`, `time`, `timeSeconds`, `dateTime`, `duration`, `bytes`, `percent`, so that each language writes them its
 * own way.
 */
export function createLocalization(language: Language, now: () => number, timeZone?: string): Localization {
  const instance = i18next.createInstance()
  instance.use(bilingual).init({
    lng: language,
    fallbackLng: 'en',
    resources: { ko: { translation: ko }, en: { translation: en } },
    postProcess: ['bilingual'],
    nsSeparator: false,
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  const format = (name: FormatLanguage) =>
    createFormat({ language: name, words: instance.getFixedT(name), now, timeZone })
  const formats = { ko: format('ko'), en: format('en') }
  const formatOf = (lng: string | undefined) => formats[lng === 'ko' ? 'ko' : 'en']
  for (const name of ['number', 'credits', 'date', 'time', 'timeSeconds', 'duration', 'bytes', 'percent'] as const) {
    instance.services.formatter?.add(name, (value: number, lng) => formatOf(lng)[name](value))
  }
  // Within a text a near day is written small: "Last read today 14:18".
  instance.services.formatter?.add('dateTime', (at: number, lng) => {
    const text = formatOf(lng).dateTime(at)
    return formatOf(lng).nearDay(at) === null ? text : text.toLowerCase()
  })
  return { i18n: instance, formats }
}
