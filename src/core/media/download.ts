import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { type Deadline, failureCode, failureParams, startDeadline } from '../service/deadline.ts'
import { ServiceError } from '../service/errors.ts'
import { parseHttpDate, parseRetryAfter } from '../service/http-date.ts'
import { parseContentRange } from '../service/http-range.ts'
import { explainStoreError } from '../store/file/errors.ts'
import { requireSpace } from './folders.ts'
import { provenFile, provenType } from './media-type.ts'

/** The file to fetch and the service's statements about it; null for facts that it did not state. */
export interface Source {
  address: string
  /** Largest size in bytes, and time limit for the whole file in milliseconds. */
  limit: number
  timeLimitMs: number
  length: number | null
  /** Lower-case hexadecimal. */
  sha256: string | null
}

/** How a long download resumes and reports its progress. */
export interface Transfer {
  /** Entity tag of the partial file that an earlier attempt left at the path; null if the server sent none. */
  etag: string | null
  /** The download starts over, with this entity tag. */
  onStart(etag: string | null): void
  /** Bytes so far and in total; the total is null if the server does not state it. */
  onProgress(received: number, total: number | null): void
}

/** Only https, or the service itself, which may be the sandbox on this machine. */
export function isMediaAddress(address: string, api: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || url.username || url.password) return false
  return url.protocol === 'https:' || url.origin === new URL(api).origin
}

/**
 * Fetches a small file into memory. Throws an `AppError` if it is not the expected media file, or the signal's reason.
 */
export function downloadBytes(
  fetch: typeof globalThis.fetch,
  source: Source,
  signal: AbortSignal,
): Promise<{ mimeType: string; bytes: Uint8Array }> {
  return receive(fetch, source, signal, {}, async (response, deadline) => {
    if (response.status !== 200) throw await refusal(response, source)
    const chunks: Uint8Array[] = []
    const hash = createHash('sha256')
    for await (const chunk of chunksOf(response, source, deadline)) {
      chunks.push(chunk)
      hash.update(chunk)
    }
    const bytes = Buffer.concat(chunks)
    return { mimeType: prove(source, await provenType(bytes), bytes.length, hash.digest('hex')), bytes }
  })
}

/**
 * Fetches a file to `path`, resuming an earlier attempt if its bytes can be trusted. If the file is not the expected media file,
 * removes it and throws an `AppError`; on a retryable `ServiceError` or the signal's reason, keeps the bytes so far.
 */
export async function downloadFile(
  fetch: typeof globalThis.fetch,
  source: Source,
  path: string,
  transfer: Transfer,
  signal: AbortSignal,
): Promise<{ mimeType: string; size: number }> {
  try {
    await mkdir(dirname(path), { recursive: true })
    // Only a hash of the whole file, or the server's statement that it is unchanged, makes joining safe.
    const continues = source.sha256 !== null || transfer.etag !== null
    const known = continues ? await stat(path).catch(() => null) : null
    if (known && known.size > 0) {
      // Already complete: the app was killed before it could record that.
      if (known.size !== source.length) await fetchFile(fetch, source, path, known.size, transfer, signal)
      const joined = await checkFile(source, path).catch(() => null)
      if (joined) return joined
    }
    await fetchFile(fetch, source, path, 0, transfer, signal)
    return await checkFile(source, path)
  } catch (error) {
    const explained = signal.aborted ? error : explainStoreError(error, dirname(path))
    if (explained instanceof AppError && !isRetryable(explained)) await rm(path, { force: true })
    throw explained
  }
}

/** The type and size in bytes of a whole file. Throws an `AppError` if it is not the expected media file. */
export async function checkFile(source: Source, path: string): Promise<{ mimeType: string; size: number }> {
  const hash = createHash('sha256')
  if (source.sha256 !== null) for await (const chunk of createReadStream(path)) hash.update(chunk)
  const proven = await provenFile(path)
  const { size } = await stat(path)
  return { mimeType: prove(source, proven?.mimeType ?? null, size, hash.digest('hex')), size }
}

export const isRetryable = (error: unknown): error is ServiceError => error instanceof ServiceError && error.retryable

function fetchFile(
  fetch: typeof globalThis.fetch,
  source: Source,
  path: string,
  offset: number,
  transfer: Transfer,
  signal: AbortSignal,
): Promise<void> {
  const headers = offset > 0 && {
    range: `bytes=${offset}-`,
    ...(transfer.etag !== null && { 'if-range': transfer.etag }),
  }
  return receive(fetch, source, signal, { ...headers }, async (response, deadline) => {
    const range =
      offset > 0 && response.status === 206 ? parseContentRange(response.headers.get('content-range')) : null
    if (offset > 0 && (response.status === 416 || (response.status === 206 && range?.start !== offset))) {
      await response.body?.cancel()
      await rm(path)
      return fetchFile(fetch, source, path, 0, transfer, signal)
    }
    if (response.status !== 200 && range === null) throw await refusal(response, source)
    let size = range === null ? 0 : offset
    if (range === null) transfer.onStart(strongTag(response.headers.get('etag')))
    const total = range?.size ?? source.length ?? lengthOf(response)
    await requireSpace(dirname(path), (total ?? 0) - size)
    const file = await open(path, range === null ? 'w' : 'a')
    try {
      for await (const chunk of chunksOf(response, source, deadline, size)) {
        await file.appendFile(chunk)
        size += chunk.byteLength
        transfer.onProgress(size, total)
      }
    } finally {
      await file.close()
    }
  })
}

/** Sends the request without credentials and passes the response to `read`, within the time limits. */
async function receive<T>(
  fetch: typeof globalThis.fetch,
  { address, timeLimitMs }: Source,
  signal: AbortSignal,
  headers: Record<string, string>,
  read: (response: Response, deadline: Deadline) => Promise<T>,
): Promise<T> {
  const whole = AbortSignal.timeout(timeLimitMs)
  const deadline = startDeadline(AbortSignal.any([signal, whole]))
  try {
    const response = await fetchFollowing(fetch, address, {
      // Byte ranges and sizes count uncompressed bytes.
      headers: { 'accept-encoding': 'identity', ...headers },
      signal: deadline.signal,
    })
    // Signed addresses answer with a page once they have lapsed.
    if (response.status === 200 && isHtml(response)) throw await lapsed(response, address)
    return await read(response, deadline)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof AppError || isFileError(error)) throw error
    const code = failureCode(error, deadline.expired() || whole.aborted)
    const params = failureParams(new URL(address).host, error)
    throw new ServiceError(code, { params, retryable: true, cause: error })
  } finally {
    deadline.stop()
  }
}

/** Follows a few redirects to https or within one origin, without credentials as all requests here. */
async function fetchFollowing(
  fetch: typeof globalThis.fetch,
  address: string,
  options: RequestInit,
): Promise<Response> {
  let url = new URL(address)
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(url, { ...options, redirect: 'manual', credentials: 'omit' })
    const location = redirectStatuses.has(response.status) ? response.headers.get('location') : null
    if (location === null || redirects === maxRedirects || !URL.canParse(location, url)) return response
    const next = new URL(location, url)
    const isSafe = next.protocol === 'https:' || next.origin === url.origin
    if (!isSafe || next.username || next.password) return response
    await response.body?.cancel()
    url = next
  }
}

const redirectStatuses = new Set([301, 302, 303, 307, 308])
const maxRedirects = 5

const isFileError = (error: unknown) => error instanceof Error && 'syscall' in error && 'errno' in error

/** The chunks of a body that starts after `already` bytes. Leaving the loop cancels the body. */
async function* chunksOf(response: Response, { address, limit }: Source, deadline: Deadline, already = 0) {
  let size = already
  for await (const chunk of response.body ?? []) {
    deadline.extend()
    size += chunk.byteLength
    if (size > limit) throw new AppError('original_too_large', { host: new URL(address).host })
    yield chunk
  }
}

/** The media type that the bytes of a whole file prove. Throws if it is not supported or not the expected file. */
function prove({ address, length, sha256 }: Source, mimeType: string | null, size: number, digest: string): string {
  const { host } = new URL(address)
  if ((length !== null && size !== length) || (sha256 !== null && digest !== sha256)) {
    throw new AppError('original_differs', { host })
  }
  if (mimeType === null) throw new AppError('original_not_media', { host })
  return mimeType
}

/** The error for a response without a file. */
async function refusal(response: Response, { address }: Source): Promise<AppError> {
  await response.body?.cancel()
  const { status, headers } = response
  const params = { host: new URL(address).host, status }
  if (status === 404 || status === 410) return new AppError('original_gone', params)
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), parseHttpDate(headers.get('date')) ?? Date.now())
  if (status === 429) return new ServiceError('rate_limited', { params, retryable: true, retryAfterMs })
  if (status === 401 || status === 403) return new AppError('original_lapsed', params)
  if (status >= 500) return new ServiceError('service_failed', { params, retryable: true, retryAfterMs })
  return new AppError('original_refused', params)
}

const isHtml = ({ headers }: Response) => /^text\/html\b/i.test(headers.get('content-type') ?? '')

async function lapsed(response: Response, address: string): Promise<AppError> {
  await response.body?.cancel()
  return new AppError('original_lapsed', { host: new URL(address).host })
}

/** Whether a new address may bring the file: addresses of results are valid for a limited time. */
export const isLapsed = (error: unknown): error is AppError =>
  error instanceof AppError && ['original_lapsed', 'original_gone', 'original_not_media'].includes(error.code)

/** A weak tag does not promise equal bytes. */
const strongTag = (etag: string | null) => (etag?.startsWith('"') ? etag : null)

function lengthOf({ headers }: Response): number | null {
  const length = headers.get('content-length')
  return length === null ? null : Number(length)
}
