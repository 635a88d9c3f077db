import { vi } from 'vitest'
import { main } from '../../src/cli/main.ts'
import type { Finished } from './cli.ts'

/**
 * Runs the command line in this process, in English unless the arguments say otherwise: a process for each of many commands
 * would take minutes.
 */
export async function runCliHere(args: string[], env: Record<string, string> = {}): Promise<Finished> {
  const texts = { out: '', err: '' }
  const keep = (name: keyof typeof texts) => (text: string | Uint8Array) => {
    texts[name] += text
    return true
  }
  const outer = { ...process.env }
  Object.assign(process.env, env)
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'))
  try {
    return { code: await main(args.includes('--lang') ? args : [...args, '--lang', 'en']), ...texts }
  } finally {
    vi.restoreAllMocks()
    for (const name of Object.keys(env)) {
      if (outer[name] === undefined) delete process.env[name]
      else process.env[name] = outer[name]
    }
  }
}
