import type { LinkKey } from './values.ts'

/** resources/links.json: an address per key and language; `en` stands in where a language has none. */
export type LinkTable = Record<LinkKey, { en: string; ko?: string }>
