import type { LinkTable } from '../../shared/links.ts'

/** How a host starts the core. Crosses a thread boundary, so plain values only. */
export interface CoreOptions {
  dataDir: string
  /** Base address of the service, without a trailing slash. */
  api: string
  sandbox: boolean
  version: string
  platform: string
  links: LinkTable
  /** A wall clock fixed from outside (`CARAT_NOW`), epoch milliseconds; null for the real one. */
  fixedNow: number | null
}
