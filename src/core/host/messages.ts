import i18next, { type i18n } from 'i18next'
import en from '../../../resources/locales/en.json' with { type: 'json' }
import ko from '../../../resources/locales/ko.json' with { type: 'json' }
import type { ErrorView } from '../../shared/errors.ts'
import type { NotificationKind } from '../../shared/notifications.ts'
import type { Language } from '../../shared/values.ts'

/** Made with the first message: three threads of each start load this module, and say nothing. */
let messages: i18n | null = null

function createMessages(): i18n {
  const instance = i18next.createInstance()
  instance.init({
    initAsync: false,
    resources: { en: { translation: en }, ko: { translation: ko } },
    fallbackLng: 'en',
    // Stream names contain a colon.
    nsSeparator: false,
    interpolation: { escapeValue: false },
  })
  instance.services.formatter?.add('bytes', (size: number) => `${Math.round(size / 2 ** 20)} MB`)
  return instance
}

/** Keys are composed at run time, so the compiler cannot check them; test/unit/locales.test.ts does. */
function translate(key: string, options: object): string {
  messages ??= createMessages()
  return String(messages.t(key as never, options as never))
}

/** The sentence of an error for a terminal or a system dialog; `both` gives the English line, then the Korean one. */
export function errorMessage({ code, params }: ErrorView, language: Language): string {
  return inLanguages(language, (lng) => translate(`error.${code}`, { lng, ...params })).join('\n')
}

/** A sentence or name of the terminal; `both` gives the English line, then the Korean one. */
export function say(key: string, language: Language, params: ErrorView['params'] = {}): string {
  return inLanguages(language, (lng) => translate(key, { lng, ...params })).join('\n')
}

type Name<Group extends object> = keyof Group & string
export type Label =
  | 'app.name'
  | `notification.${NotificationKind}`
  | `account.${'imported' | 'importedNumber'}`
  | `signIn.${Name<typeof en.signIn>}`
  | `menu.${Name<typeof en.menu>}`
  | `tray.${'balance' | 'synced'}`
  | `sync.${'imported' | 'never' | 'pause' | 'paused' | 'resume'}`
  | `failure.${Name<typeof en.failure>}`
  | `move.${Name<typeof en.move>}`
  | `nav.${'overview' | 'library' | 'credits' | 'refunds' | 'help' | 'support' | 'toCheck'}`
  | `export.${Exclude<Name<typeof en.export>, 'column' | 'sheet'>}`
  | `export.column.${Name<typeof en.export.column>}`
  | `export.sheet.${Name<typeof en.export.sheet>}`

/** A name in a menu, a notification or a file; `both` gives `Edit(편집)`. */
export function label(key: Label, language: Language, params: ErrorView['params'] = {}): string {
  const [text, korean] = inLanguages(language, (lng) => translate(key, { lng, ...params }))
  return korean === undefined || korean === text ? (text as string) : `${text}(${korean})`
}

function inLanguages(language: Language, text: (lng: string) => string): string[] {
  return (language === 'both' ? ['en', 'ko'] : [language]).map(text)
}
