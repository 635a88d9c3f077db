import type en from '../../../resources/locales/en.json'
import type { hostTexts } from '../../shared/values.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: Omit<typeof en, (typeof hostTexts)[number]> }
  }
}
