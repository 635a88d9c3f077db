import { execFile } from 'node:child_process'

export interface Finished {
  code: number
  out: string
  err: string
}

/** Runs the command line as a process of its own, in English unless the arguments say otherwise. */
export function runCli(args: string[], env: Record<string, string> = {}, input = ''): Promise<Finished> {
  // Playwright's workers set both names of the colour setting, about which Node warns on the standard error.
  const { FORCE_COLOR: _forced, NO_COLOR: _refused, ...inherited } = process.env
  const environment = { ...inherited, LC_ALL: 'en_US.UTF-8', ...env }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['src/cli/index.ts', ...args], { env: environment }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
    child.stdin?.end(input)
  })
}
