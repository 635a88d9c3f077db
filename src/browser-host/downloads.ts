/** Exports on their way to the browser: files in the data folder, each until it was downloaded or the host ends. */
import { randomBytes } from 'node:crypto'
import { createReadStream, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ExportDelivery } from '../core/host/exporter.ts'
import { securityHeaders } from '../core/host/page.ts'
import { writeError } from '../core/store/file/data-folder.ts'
import { equal } from './gate.ts'

const types: Record<string, string> = {
  zip: 'application/zip',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

export interface Download {
  headers: Record<string, string>
  body: Readable
}

export interface Downloads extends ExportDelivery {
  /** The file of a ticket; null for any other text. The caller must read or destroy the body. */
  open(ticket: string): Download | null
  /** Call after the file was sent: removes it, and its ticket is void. */
  finish(ticket: string): void
  /** Removes every file, also those of a host that was killed. */
  clear(): void
}

/** Keeps files for the browser below the folder that `workDir` returns, which can change. */
export function createDownloads(workDir: () => string): Downloads {
  const folder = () => join(workDir(), 'downloads')
  const files = new Map<string, { path: string; name: string }>()
  const ticketOf = (given: string) => [...files.keys()].find((known) => equal(given, known))
  return {
    async choosePath(_, format) {
      try {
        mkdirSync(folder(), { recursive: true, mode: 0o700 })
      } catch (error) {
        throw writeError(error, folder())
      }
      return join(folder(), `${secret()}.${format}`)
    },
    downloadUrl(path, name) {
      const ticket = secret()
      files.set(ticket, { path, name })
      return `/exports/${ticket}`
    },
    open(given) {
      const file = files.get(ticketOf(given) ?? '')
      const stats = file && statSync(file.path, { throwIfNoEntry: false })
      if (!stats) return null
      const headers = {
        ...securityHeaders(),
        'content-security-policy': "default-src 'none'; sandbox",
        'content-type': types[file.name.slice(file.name.lastIndexOf('.') + 1)] as string,
        'content-length': String(stats.size),
        'content-disposition': attachment(file.name),
      }
      return { headers, body: createReadStream(file.path) }
    },
    finish(given) {
      const ticket = ticketOf(given) ?? ''
      const file = files.get(ticket)
      files.delete(ticket)
      if (file) rmSync(file.path, { force: true })
    },
    clear() {
      files.clear()
      rmSync(folder(), { recursive: true, force: true })
    },
  }
}

/** 256 random bits. */
const secret = () => randomBytes(32).toString('base64url')

/** Names the file in UTF-8 (RFC 6266), and in ASCII for programs that know only that. */
function attachment(name: string): string {
  const ascii = name
    .replaceAll(/[^\x20-\x7E]+/g, '')
    .replaceAll(/["\\]/g, '')
    .replaceAll(/ {2,}/g, ' ')
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
