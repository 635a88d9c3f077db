import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

/** A file of the built page, kept in memory. */
export interface PageFile {
  type: string
  body: Uint8Array
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** All files of the built page by their path; `/` is the page itself. A request can only name one of these files. */
export function loadPage(directory: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>()
  const read = (folder: string, path: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const name = join(folder, entry.name)
      if (entry.isDirectory()) read(name, `${path}${entry.name}/`)
      else if (entry.isFile()) {
        const type = types[extname(entry.name)] ?? 'application/octet-stream'
        files.set(path === '/' && entry.name === 'index.html' ? '/' : path + entry.name, {
          type,
          body: readFileSync(name),
        })
      }
    }
  }
  read(directory, '/')
  return files
}

const deniedFeatures = [
  'accelerometer',
  'autoplay',
  'camera',
  'clipboard-read',
  'display-capture',
  'encrypted-media',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
]

/**
 * The headers of every answer in both hosts. `connect` is the WebSocket address of the browser host, empty in Electron.
 */
export function securityHeaders(connect = ''): Record<string, string> {
  const policy = {
    'default-src': `'none'`,
    'script-src': `'self'`,
    'style-src': `'self'`,
    'img-src': `'self' data:`,
    'media-src': `'self'`,
    'font-src': `'self'`,
    'connect-src': `'self' ${connect}`.trim(),
    'base-uri': `'none'`,
    'form-action': `'none'`,
    'frame-ancestors': `'none'`,
  }
  return {
    'content-security-policy': Object.entries(policy)
      .map((directive) => directive.join(' '))
      .join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
    'permissions-policy': deniedFeatures.map((feature) => `${feature}=()`).join(', '),
  }
}
