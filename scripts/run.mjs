import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { compiled, runtime } from './setup.mjs'

const ctrlCLimitMs = 3_000

/**
 * Runs a script of the project on its own Node.js, as `run` does.
 * @param {string[]} args options of Node.js, the script, and its arguments
 */
export const runNode = (args) => run(runtime(), args, { ...process.env, NODE_COMPILE_CACHE: compiled })

/**
 * Runs a program on this terminal and passes signals on to it.
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} how it ended
 */
export function run(command, args, env = process.env) {
  const child = spawn(command, args, { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl+C at a terminal reaches the program by itself.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
      // On Windows Electron is not on the console, so it never hears of Ctrl+C.
      else if (process.platform === 'win32') setTimeout(() => child.kill(), ctrlCLimitMs).unref()
    })
  }
  // The shell between npm and this process may die of a signal without passing it on.
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid !== parent) child.kill()
  }, 500)
  watch.unref()
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
}

/** Ends this process with the exit code or signal of that program. */
export function exitLike({ code, signal }) {
  process.exit(code ?? 128 + constants.signals[signal])
}
