/** Electron's binary in the packages, downloaded if it is missing, also behind a company's proxy and certificates. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { say } from './say.mjs'
import { root, runtime } from './setup.mjs'

const electronPackage = join(root, 'node_modules', 'electron')
const releases = 'https://github.com/electron/electron/releases/'

/**
 * The path of Electron's executable, or the network's reason why there is none.
 * @returns {{ path: string } | { failure: string }}
 */
export function electronBinary() {
  if (!process.env.ELECTRON_OVERRIDE_DIST_PATH && !hasElectron()) {
    const failure = download()
    if (failure) return { failure }
  }
  // Under Node.js, the package exports the path of its executable.
  return { path: createRequire(import.meta.url)(electronPackage) }
}

/** Whether the download is complete: `path.txt` is written last. */
function hasElectron() {
  const name = join(electronPackage, 'path.txt')
  return existsSync(name) && existsSync(join(electronPackage, 'dist', readFileSync(name, 'utf8')))
}

function download() {
  const env = networkEnvironment()
  const failure = reach(env)
  if (failure) return failure
  say('launch.downloading')
  spawnSync(runtime(), [join(electronPackage, 'install.js')], { stdio: ['ignore', 2, 2], env })
  return hasElectron() ? null : 'install.js'
}

/** npm has settings of its own for a proxy; Node.js reads the system's variables and certificates only if told to. */
function networkEnvironment() {
  const { npm_config_https_proxy, npm_config_proxy, HTTPS_PROXY, https_proxy } = process.env
  const proxy = HTTPS_PROXY || https_proxy || npm_config_https_proxy || npm_config_proxy
  return {
    ...process.env,
    ...(proxy && { HTTPS_PROXY: proxy, https_proxy: proxy }),
    NODE_USE_ENV_PROXY: '1',
    NODE_USE_SYSTEM_CA: '1',
  }
}

/**
 * The reason if the download server does not answer within five seconds, to avoid a long wait without a network; else
 * null.
 */
function reach(env) {
  const address = env.npm_config_electron_mirror || env.ELECTRON_MIRROR || releases
  const code = `fetch(process.argv[1], { method: 'HEAD', signal: AbortSignal.timeout(5_000) }).then(
    () => process.exit(0),
    ({ cause, message }) => {
      console.log((cause?.code || cause?.message) ?? message)
      process.exit(1)
    },
  )`
  const { status, stdout } = spawnSync(runtime(), ['-e', code, address], { env, encoding: 'utf8' })
  return status === 0 ? null : `${new URL(address).host}: ${stdout.trim()}`
}
