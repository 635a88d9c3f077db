/**
 * `npm start`: installs and builds what is missing, then opens Electron, or says why not and opens the browser host.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { exitLike, run } from './run.mjs'
import { fail, say } from './say.mjs'
import { build, install, root, runtime } from './setup.mjs'

const args = process.argv.slice(2)
const electronPackage = join(root, 'node_modules', 'electron')

refuseSwallowedOptions()
await install()
await build()

const reason = noElectronReason()
const electron = reason ? null : await electronBinary()
if (electron) {
  // An editor's terminal may set this; Electron would then run as plain Node.js.
  delete process.env.ELECTRON_RUN_AS_NODE
  const startedAt = Date.now()
  const end = await run(electron, [root, ...args])
  if (!brokeAtStart(end, startedAt)) exitLike(end)
}
say(`launch.${reason ?? (electron ? 'electronBroke' : 'noBinary')}`)
exitLike(await run(runtime(), [join(root, 'out', 'main', 'host.js'), ...args]))

/** npm swallows options before `--`: the app would start with other data than the user meant. */
function refuseSwallowedOptions() {
  const option = ['data', 'api', 'lang', 'port', 'open'].find((name) => `npm_config_${name}` in process.env)
  if (option) fail('launch.swallowed', { option: option === 'open' ? '--no-open' : `--${option}` })
}

/** The reason for not trying Electron, as a key below `launch`; null if it is tried. */
function noElectronReason() {
  // With `--no-open` or `--port`, only the browser host makes sense.
  if (args.some((arg) => /^--(browser|no-open|port)(=|$)/.test(arg))) return 'browserAsked'
  if (process.platform !== 'linux') return null
  if (process.getuid() === 0) return 'root'
  return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? null : 'noDisplay'
}

/** The Electron executable, downloaded if it is missing; null if it cannot be had. */
async function electronBinary() {
  if (!process.env.ELECTRON_OVERRIDE_DIST_PATH && !hasElectron()) {
    if (!(await isReachable())) return null
    say('launch.downloading')
    spawnSync(runtime(), [join(electronPackage, 'install.js')], { stdio: ['ignore', 2, 2] })
    if (!hasElectron()) return null
  }
  // Under Node.js, the package exports the path of its executable.
  return createRequire(import.meta.url)(electronPackage)
}

/** Whether the download is complete: `path.txt` is written last. */
function hasElectron() {
  const name = join(electronPackage, 'path.txt')
  return existsSync(name) && existsSync(join(electronPackage, 'dist', readFileSync(name, 'utf8')))
}

/** Whether the download server answers within five seconds, to avoid a long wait without a network. */
async function isReachable() {
  const mirror = process.env.npm_config_electron_mirror || process.env.ELECTRON_MIRROR
  try {
    await fetch(mirror || 'https://github.com/electron/electron/releases/', {
      method: 'HEAD',
      signal: AbortSignal.timeout(5_000),
    })
    return true
  } catch {
    return false
  }
}

/**
 * On Linux, a missing library or a forbidden sandbox ends Electron at once; any other exit comes from the user or the
 * app.
 */
function brokeAtStart({ code, signal }, startedAt) {
  const broke = code === 127 || ['SIGTRAP', 'SIGABRT', 'SIGSEGV'].includes(signal)
  return process.platform === 'linux' && broke && Date.now() - startedAt < 10_000
}
