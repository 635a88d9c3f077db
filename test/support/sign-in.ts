/** A user who signs in at the sandbox with a browser. */

import { systemClock } from '../../src/core/host/clock.ts'
import { fixedToken } from '../../src/core/host/secrets.ts'
import { createService } from '../../src/core/service/client.ts'

/**
 * Answers the consent page at `address` and follows the redirect to the app. Returns what the app says in the browser; null if
 * nothing listens there any more.
 */
export async function answerConsent(address: string, decision: 'allow' | 'deny' = 'allow'): Promise<string | null> {
  const redirected = await consentRedirect(address, decision)
  return fetch(redirected).then(
    (answer) => answer.text(),
    () => null,
  )
}

/** Answers the consent page, and gives the address to which the browser would go. */
export async function consentRedirect(address: string, decision: 'allow' | 'deny' = 'allow'): Promise<string> {
  const page = await (await fetch(address)).text()
  const fields = [...page.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value])
  const body = new URLSearchParams({ ...Object.fromEntries(fields), decision })
  const answer = await fetch(address, { method: 'POST', body, redirect: 'manual' })
  return answer.headers.get('location') as string
}

/** The account that a service states for a token. */
export async function accountOf(api: string, token: string) {
  const service = createService({ api, secrets: fixedToken(token), clock: systemClock() })
  return (await service.account(new AbortController().signal)).account
}
