/**
 * `npm start`: installs and builds what is missing, then opens Electron, or says why not and opens the browser host.
 */
import { join } from 'node:path'
import { electronBinary } from './electron-binary.mjs'
import { exitLike, run, runNode } from './run.mjs'
import { fail, say } from './say.mjs'
import { build, install, root } from './setup.mjs'

const args = process.argv.slice(2)

refuseSwallowedOptions()
await install()
await build()

const reason = noElectronReason()
const electron = reason ? {} : electronBinary()
if (electron.path) {
  // An editor's terminal may set this; Electron would then run as plain Node.js.
  delete process.env.ELECTRON_RUN_AS_NODE
  await runElectron(electron.path)
}
say(`launch.${reason ?? (electron.path ? 'electronBroke' : 'noBinary')}`, { reason: electron.failure })
// Its thread relays messages: with the usual young generation of Node.js, 10 MB of memory would hold their garbage.
exitLike(await runNode(['--max-semi-space-size=1', join(root, 'out', 'main', 'host.js'), ...args]))

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

/**
 * Joins each option and its value: on Windows Chromium moves values away from their options, and refuses every argument
 * after an address.
 */
function joined(given) {
  const result = []
  for (const argument of given) {
    const last = result.at(-1)
    if (/^--(data|api|lang|port)$/.test(last) && !argument.startsWith('-')) result.push(`${result.pop()}=${argument}`)
    else result.push(argument)
  }
  return result
}

/** Runs Electron. A virus scanner or a policy may refuse even to start it. */
async function runElectron(path) {
  const startedAt = Date.now()
  const end = await run(path, [root, ...joined(args)]).catch(() => null)
  if (end && !brokeAtStart(end, startedAt)) exitLike(end)
}

/**
 * On Linux, a missing library or a forbidden sandbox ends Electron at once, on Windows a missing or refused library; any
 * other exit comes from the user or the app.
 */
function brokeAtStart({ code, signal }, startedAt) {
  const codes = { linux: [127], win32: [0xc0000135, 0xc0000022] }[process.platform] ?? []
  const signals = process.platform === 'linux' ? ['SIGTRAP', 'SIGABRT', 'SIGSEGV'] : []
  return (codes.includes(code) || signals.includes(signal)) && Date.now() - startedAt < 10_000
}
