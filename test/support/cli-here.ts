import { vi } from 'vitest'
import { main } from '../../src/cli/main.ts'
import type { Finished } from './cli.ts'

/** Runs the command line in this process, in English: a process for each of many commands would take minutes. */
export async function runCliHere(args: string[]): Promise<Finished> {
  const texts = { out: '', err: '' }
  const keep = (name: keyof typeof texts) => (text: string | Uint8Array) => {
    texts[name] += text
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'))
  try {
    return { code: await main([...args, '--lang', 'en']), ...texts }
  } finally {
    vi.restoreAllMocks()
  }
}
