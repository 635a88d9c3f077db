/** Prints the packages that are shipped, with their licences. Needs no network: the lockfile names them. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(import.meta.dirname, '..')
const json = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))

/** Licences of packages that may be shipped: all allow it in a program of another licence. */
export const allowedLicences = new Set([
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0'],
  'Python-2.0',
  // The font, and packages whose own files stay under their licence.
  ...['OFL-1.1', 'MPL-2.0'],
])

/** Whether an SPDX expression allows a licence of the list; `A OR B` leaves the choice. */
export const isAllowed = (licence: string): boolean =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => allowedLicences.has(part)))

/** Packages that the sources import; bundlers put them into the app although they are no dependencies at run time. */
function importedPackages(): Set<string> {
  const names = new Set<string>()
  for (const file of globSync('src/**/*.{ts,tsx,css}', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, name] of text.matchAll(/(?:from|import|url)\s*\(?['"]((?:@[\w.-]+\/)?[\w.-]+)/g))
      names.add(name as string)
  }
  return names
}

interface LockedPackage {
  version: string
  license?: string
  dependencies?: Record<string, string>
}

interface ShippedPackage {
  name: string
  version: string
  licence: string
}

/** Every package that the app contains, with what these need: name, version and licence (empty if it states none). */
export function shippedPackages(): ShippedPackage[] {
  const packages: Record<string, LockedPackage> = json('package-lock.json').packages
  const { dependencies, devDependencies } = json('package.json')
  const imported = [...importedPackages()].filter((name) => name in devDependencies)
  const found = new Map<string, ShippedPackage>()
  const queue = [...Object.keys(dependencies), ...imported].map((name): [string, string] => [name, ''])
  for (const [name, parent] of queue) {
    // The nearest copy, as Node.js finds it.
    let folder = parent
    while (folder !== '' && !packages[`${folder}/node_modules/${name}`]) {
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
    }
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    const entry = packages[path]
    if (!entry || found.has(path)) continue
    found.set(path, { name, version: entry.version, licence: entry.license ?? '' })
    for (const need of Object.keys(entry.dependencies ?? {})) queue.push([need, path])
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, version, licence } of shippedPackages()) process.stdout.write(`${name} ${version}: ${licence}\n`)
}
