import { errorMessage } from '../core/host/messages.ts'
import { checkRuntime } from '../core/host/runtime.ts'
import { languageOf, systemLocale } from '../core/host/start-options.ts'
import { explainStoreError } from '../core/store/file/errors.ts'
import { AppError } from '../shared/errors.ts'
import { type Language, languages } from '../shared/values.ts'
import { parseArguments } from './arguments.ts'

/**
 * Runs `carat` and returns its exit code. Standard output is for answers only; everything else goes to standard error in
 * plain words, with exit code 1.
 */
export async function main(args: string[]): Promise<number> {
  const asked = languages.find((language, index) => language === args[args.indexOf('--lang') + 1] && index >= 0)
  const language: Language = (args.includes('--lang') ? asked : undefined) ?? languageOf(systemLocale())
  let dataDir = ''
  try {
    checkRuntime()
    const parsed = parseArguments(args)
    dataDir = parsed.dataDir
    // Load SQLite only after the runtime check: an older Node.js crashes.
    const { runCommand } = await import('./commands.ts')
    return await runCommand(parsed, parsed.language ?? language)
  } catch (thrown) {
    const error = await explain(thrown, dataDir)
    if (!(error instanceof AppError)) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    const view = error instanceof AppError ? error.toView() : { code: 'internal' as const, params: {} }
    process.stderr.write(`${errorMessage(view, language)}\n`)
    return 1
  }
}

/** A defect in the answer of a damaged database is damage, and no defect of ours. */
async function explain(thrown: unknown, dataDir: string): Promise<unknown> {
  const error = explainStoreError(thrown, dataDir)
  if (error instanceof AppError) return error
  const { hasDamagedPages } = await import('../core/store/file/recover.ts')
  return hasDamagedPages(dataDir) ? new AppError('database_corrupt', { path: dataDir }, { cause: error }) : error
}
