import { say } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'
import { complain } from './output.ts'
import { progressLine } from './progress-line.ts'

/**
 * Runs a long task that leaves nothing half written when its signal aborts, as Ctrl+C does; returns null then. A terminal shows
 * how many records are done, with the text of `key`.
 */
export async function cancellable<T>(
  key: string,
  language: Language,
  run: (signal: AbortSignal, onProgress: (count: number) => void) => Promise<T>,
): Promise<T | null> {
  const abort = new AbortController()
  const cancel = () => abort.abort()
  const line = progressLine(process.stderr)
  process.once('SIGINT', cancel)
  try {
    return await run(abort.signal, (count) => line.show(say(key, language, { count }).replaceAll('\n', ' ')))
  } catch (error) {
    if (!abort.signal.aborted) throw error
    complain(say('cli.cancelled', language))
    return null
  } finally {
    line.clear()
    process.off('SIGINT', cancel)
  }
}
