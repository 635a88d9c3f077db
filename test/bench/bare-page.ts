/**
 * A page that Playwright does not watch. Playwright listens to the network of its own pages, and Chromium then keeps the body of
 * every answer in the page's process: its memory would grow with everything that it loads.
 */
import type { Browser, CDPSession } from '@playwright/test'

export interface BarePage {
  /** Sends a command of the DevTools protocol. Rejects if it fails. */
  send<T = unknown>(method: string, params?: object): Promise<T>
  /** Runs a function in the page, and resolves with its value. Rejects if it throws. */
  evaluate<A extends unknown[], T>(task: (...values: A) => T | Promise<T>, ...values: A): Promise<T>
  /** Waits for a function of the page to return a true value. Rejects after 30 seconds. */
  waitFor<A extends unknown[]>(condition: (...values: A) => unknown, ...values: A): Promise<void>
}

interface Answer {
  id?: number
  result?: unknown
  error?: { message: string }
}

const waitLimitMs = 30_000

/** Opens an address in a context of its own: Playwright lets go of pages in contexts that it did not make. */
export async function openBarePage(browser: Browser, url: string, width = 1_280, height = 800): Promise<BarePage> {
  const session = await browser.newBrowserCDPSession()
  const { browserContextId } = await session.send('Target.createBrowserContext')
  const { targetId } = await session.send('Target.createTarget', { url, browserContextId, width, height })
  const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false })
  const send = channel(session, sessionId)

  async function evaluate<A extends unknown[], T>(task: (...values: A) => T | Promise<T>, ...values: A): Promise<T> {
    const expression = `(${task})(...${JSON.stringify(values)})`
    const { result, exceptionDetails } = await send<{ result: { value: T }; exceptionDetails?: object }>(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
    )
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails))
    return result.value
  }

  return {
    send,
    evaluate,
    async waitFor(condition, ...values) {
      const end = performance.now() + waitLimitMs
      while (!(await evaluate(condition, ...values))) {
        if (performance.now() > end) throw new Error(`The page never came to ${condition}`)
        await evaluate(() => new Promise((resolve) => setTimeout(resolve, 20)))
      }
    },
  }
}

/** Commands to a page by a session of the browser, which carries them as texts. */
function channel(session: CDPSession, sessionId: string): BarePage['send'] {
  const pending = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  session.on('Target.receivedMessageFromTarget', (event) => {
    if (event.sessionId !== sessionId) return
    const answer: Answer = JSON.parse(event.message)
    pending.get(answer.id ?? 0)?.(answer)
    pending.delete(answer.id ?? 0)
  })
  return async <T>(method: string, params: object = {}) => {
    const id = ++lastId
    const answered = new Promise<Answer>((resolve) => pending.set(id, resolve))
    await session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) })
    const { result, error } = await answered
    if (error) throw new Error(`${method}: ${error.message}`)
    return result as T
  }
}
