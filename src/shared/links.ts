import type { LinkKey } from './values.ts'

/** resources/links.json: an address per key and language; `en` is used for a language without an address. */
export type LinkTable = Record<LinkKey, { en: string; ko?: string }>
