/**
 * The network of a thread's requests: the proxy and the certificates that a browser would use. Loads Node.js's modules for them when
 * they are used, which takes 7 ms of a thread's start.
 */

let proxy: string | null = null
let trustsSystem = false

const certificateErrors = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** The error code of a failed `fetch`; an empty text if it has none. */
export function causeCode(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}

export const isCertificateError = (error: unknown) => certificateErrors.has(causeCode(error))

/** The proxy of this thread's requests, without its password; null if they go to the service directly. */
export const currentProxy = (): string | null => proxy

/**
 * Sends all later requests of this thread through `address` (`http://host:port`), else through the proxy that `HTTPS_PROXY`
 * names; this machine itself is always reached directly.
 */
export function setProxy(address: string | null): void {
  const { env } = process
  const named = env.https_proxy || env.HTTPS_PROXY || env.http_proxy || env.HTTP_PROXY || null
  const next = address ?? named
  if (next === proxy || !URL.canParse(next ?? 'http://none')) return
  proxy = next
  const direct = [env.no_proxy || env.NO_PROXY, 'localhost', '127.0.0.1'].filter(Boolean).join(',')
  // Node.js 20, the runtime of Electron 33, has none.
  process
    .getBuiltinModule('node:http')
    .setGlobalProxyFromEnv?.(next ? { HTTP_PROXY: next, HTTPS_PROXY: next, NO_PROXY: direct } : {})
}

/**
 * `fetch` that also trusts the certificates of the system, such as those of a company or a virus scanner. They are read after the
 * first failure only, because that takes a while.
 */
export const systemFetch: typeof globalThis.fetch = async (input, init) => {
  try {
    return await globalThis.fetch(input, init)
  } catch (error) {
    if (!isCertificateError(error) || !trustSystem()) throw error
    return globalThis.fetch(input, init)
  }
}

/** Returns false if nothing changed: they are trusted already, or this runtime cannot read them. */
function trustSystem(): boolean {
  const tls = process.getBuiltinModule('node:tls')
  if (trustsSystem || !tls.setDefaultCACertificates) return false
  trustsSystem = true
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])
  return true
}

/** The first proxy that Node.js can use in the answer of a browser engine, such as `PROXY a:8080; DIRECT`; else null. */
export function parseProxy(answer: string): string | null {
  for (const entry of answer.split(';')) {
    const [, type, host] = /^\s*(DIRECT|PROXY|HTTPS)\s*(\S*)\s*$/.exec(entry) ?? []
    if (type === 'DIRECT') return null
    const address = `${type === 'HTTPS' ? 'https' : 'http'}://${host}`
    if (host && URL.canParse(address)) return address
  }
  return null
}
