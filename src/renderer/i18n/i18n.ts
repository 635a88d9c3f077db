import i18next, { type i18n, type PostProcessorModule, type ResourceLanguage } from 'i18next'
import type { Language } from '../../shared/values.ts'
import { createFormat, type Format, type FormatLanguage, middleDot, type Precision } from './format.ts'
import { laterTexts, type Texts } from './texts.ts'

export interface Localization {
  i18n: i18n
  formats: Record<FormatLanguage, Format>
}

/** In `both`, i18next falls back to English; this appends the Korean text of the key with values in Korean format. */
const bilingual: PostProcessorModule = {
  type: 'postProcessor',
  name: 'bilingual',
  process(value, key, options, translator) {
    if ((options.lng ?? translator.language) !== 'both') return value
    const korean = translator.translate(key, { ...options, lng: 'ko', lngs: undefined, applyPostProcessor: false })
    return combine(value, korean, options.separator as string | undefined)
  },
}

/** Locale files are written with ordinary spaces. */
const unbrokenDots: PostProcessorModule = {
  type: 'postProcessor',
  name: 'unbrokenDots',
  process: (value: string) => value.replaceAll(' · ', middleDot),
}

/**
 * The translations and formats of the page; `texts` has those of its first language. A text formats its own values, as in
 * `{{at, dateTime}}`, by the names of `Format`. A `precision` among the values says how exact its times are.
 */
export function createLocalization(
  language: Language,
  texts: Texts,
  now: () => number,
  timeZone?: string,
): Localization {
  const instance = i18next.createInstance()
  instance
    .use(bilingual)
    .use(unbrokenDots)
    .use(laterTexts)
    .init({
      lng: language,
      // Each language has every text; `both` has none of its own.
      fallbackLng: { both: ['en', 'ko'], default: [] },
      resources: { ...Object.fromEntries(Object.entries(texts).map(bundle)), both: { translation: {} } },
      partialBundledLanguages: true,
      // The page stays in its language until the texts of another one are loaded.
      maxRetries: Number.POSITIVE_INFINITY,
      react: { useSuspense: false },
      postProcess: ['bilingual', 'unbrokenDots'],
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
  // Inside a text, `Today` and the like are in lower case: "Last read today 14:18".
  instance.services.formatter?.add('dateTime', (at: number, lng, { precision }: { precision?: Precision }) => {
    const text = formatOf(lng).dateTime(at, precision)
    return formatOf(lng).nearDay(at, precision) === null ? text : text.toLowerCase()
  })
  return { i18n: instance, formats }
}

const bundle = ([name, words]: [string, ResourceLanguage]) => [name, { translation: words }]

/** Ends like a sentence: with punctuation or the polite ending 요. The noun 필요 has the same syllable. */
const sentence = /[.?!]$|(?<!필)요$/

/**
 * Combines both languages: a label becomes `Library(라이브러리)`, a sentence is followed by its Korean sentence.
 * `separator` is put between two sentences; pass a line break if the component renders it.
 */
function combine(english: string, korean: string, separator = ' · '): string {
  if (english === korean) return english
  return sentence.test(english) || sentence.test(korean) ? english + separator + korean : `${english}(${korean})`
}
