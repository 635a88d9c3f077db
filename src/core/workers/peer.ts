import type { MessagePort, Worker } from 'node:worker_threads'
import type { Envelope } from '../../shared/bridge.ts'
import { AppError } from '../../shared/errors.ts'

interface Call {
  id: number
  method: string
  args: unknown[]
  /** The last argument was a signal, so an `Abort` may follow. */
  abortable: boolean
}
interface Abort {
  abortOf: number
}
interface Answer {
  answerTo: number
  envelope: Envelope<unknown>
}

export interface Peer<Remote> {
  /**
   * The other side's methods. A call rejects with the `AppError` thrown there, or with `core_stopped` after the other side ended.
   * An `AbortSignal` as the last argument aborts the call on the other side.
   */
  remote: Remote
  /** Call when the other side has ended: every pending or new call rejects with `core_stopped`. */
  stop(): void
}

/**
 * Calls in both directions over one channel between threads: `local` answers the other side. `explain` turns errors of the
 * disk into an `AppError`. `onDefect` receives errors that are none then; the other side receives `internal`.
 */
export function connectPeer<Remote extends object>(
  channel: MessagePort | Worker,
  local: object,
  onDefect: (error: unknown) => void,
  explain: (error: unknown) => unknown = (error) => error,
): Peer<Remote> {
  const methods = new Map<string, (...args: unknown[]) => unknown>(Object.entries(local))
  const pending = new Map<number, (envelope: Envelope<unknown>) => void>()
  const abortable = new Map<number, AbortController>()
  let lastId = 0
  let stopped = false

  const perform = async (call: Call): Promise<Envelope<unknown>> => {
    const abort = new AbortController()
    try {
      if (call.abortable) abortable.set(call.id, abort)
      const args = call.abortable ? [...call.args, abort.signal] : call.args
      return { ok: true, data: await methods.get(call.method)?.(...args) }
    } catch (thrown) {
      // The caller that aborted does not wait for an answer.
      if (abort.signal.aborted) return { ok: true, data: null }
      const error = explain(thrown)
      if (error instanceof AppError) return { ok: false, error: error.toView() }
      onDefect(error)
      return { ok: false, error: { code: 'internal', params: {} } }
    } finally {
      abortable.delete(call.id)
    }
  }

  const call = async (method: string, given: unknown[]): Promise<unknown> => {
    if (stopped) throw new AppError('core_stopped')
    const id = ++lastId
    const signal = given.at(-1) instanceof AbortSignal ? (given.at(-1) as AbortSignal) : null
    const args = signal ? given.slice(0, -1) : given
    channel.postMessage({ id, method, args, abortable: signal !== null } satisfies Call)
    const abort = () => channel.postMessage({ abortOf: id } satisfies Abort)
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort, { once: true })
    const envelope = await new Promise<Envelope<unknown>>((resolve) => pending.set(id, resolve))
    if (!envelope.ok) throw new AppError(envelope.error.code, envelope.error.params)
    return envelope.data
  }

  channel.on('message', async (frame: Call | Abort | Answer) => {
    if ('abortOf' in frame) {
      abortable.get(frame.abortOf)?.abort()
    } else if ('method' in frame) {
      channel.postMessage({ answerTo: frame.id, envelope: await perform(frame) } satisfies Answer)
    } else {
      pending.get(frame.answerTo)?.(frame.envelope)
      pending.delete(frame.answerTo)
    }
  })

  return {
    remote: new Proxy({} as Remote, {
      get: (_, method) => {
        // `await` treats any object with a `then` method as a promise.
        if (method === 'then') return undefined
        return (...args: unknown[]) => {
          const answer = call(String(method), args)
          // Callers may ignore the answer: events and log lines are calls as well.
          answer.catch(() => {})
          return answer
        }
      },
    }),
    stop() {
      stopped = true
      for (const settle of pending.values()) settle({ ok: false, error: { code: 'core_stopped', params: {} } })
      pending.clear()
    },
  }
}
