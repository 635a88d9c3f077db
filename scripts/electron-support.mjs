/**
 * `node scripts/electron-support.mjs LATEST`: fails if the Electron of package.json is no longer supported. Electron supports its
 * latest three major versions.
 */
import { readFileSync } from 'node:fs'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'

const supportedMajors = 3

/** Whether a version of Electron still gets security fixes, if `latest` is the latest. */
export function isSupported(version, latest) {
  const [own, newest] = [version, latest].map((text) => Number(/^(\d+)\.\d+\.\d+/.exec(text)?.[1] ?? Number.NaN))
  if (Number.isNaN(own) || Number.isNaN(newest)) throw new Error(`Not versions of Electron: ${version}, ${latest}`)
  return newest - own < supportedMajors
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const [, , latest = ''] = argv
  if (!isSupported(devDependencies.electron, latest)) {
    console.error(`Electron ${devDependencies.electron} gets no more security fixes: the latest is ${latest}.`)
    exit(1)
  }
}
