/** Runs an export in a host: asks for a path, has the file written, and delivers it to the user. */
import type { ExportFormat, Language } from '../../shared/values.ts'
import type { ExportedFile } from '../../shared/views.ts'
import { label } from './messages.ts'

/** The steps of an export that differ between the hosts. */
export interface ExportDelivery {
  /** Where to write a file that should be called `name`; null if the user cancels. */
  choosePath(name: string, format: ExportFormat): Promise<string | null>
  /** The address from which the page downloads the file at `path`; null if the user has it there already. */
  downloadUrl(path: string, name: string): string | null
}

export interface ExportJob {
  format: ExportFormat
  path: string
  /** The language of a workbook's headings. */
  language: Language
}

export interface Exporter {
  /** Null if the user cancelled. Throws as `exportTo` does. */
  run(format: ExportFormat): Promise<ExportedFile | null>
  /** Ends every export that is being written. */
  cancel(): void
}

interface ExporterParts {
  delivery: ExportDelivery
  /**
   * Writes the file and returns its number of records. If it is aborted, returns null or throws the signal's reason.
   */
  write(job: ExportJob, signal: AbortSignal): Promise<number | null>
  language(): Language
  now(): number
}

export function createExporter({ delivery, write, language, now }: ExporterParts): Exporter {
  const running = new Set<AbortController>()
  return {
    async run(format) {
      const name = fileName(format, language(), now())
      const path = await delivery.choosePath(name, format)
      if (path === null) return null
      const abort = new AbortController()
      running.add(abort)
      try {
        const records = await write({ format, path, language: language() }, abort.signal)
        return records === null ? null : { name, path, records, download: delivery.downloadUrl(path, name) }
      } catch (error) {
        if (abort.signal.aborted) return null
        throw error
      } finally {
        running.delete(abort)
      }
    },
    cancel() {
      for (const abort of running) abort.abort()
    },
  }
}

const contents = {
  csv: 'ledgerFile',
  xlsx: 'wholeFile',
  json: 'wholeFile',
  zip: 'archiveFile',
} as const satisfies Record<ExportFormat, string>

/** A name such as `Carat 크레딧 사용 내역 2026-03-18.csv`, with the local date. */
function fileName(format: ExportFormat, language: Language, now: number): string {
  const content = label(`export.${contents[format]}`, language)
  const date = new Date(now)
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'))
  return `Carat ${content} ${day.join('-')}.${format}`
}
