/** Mutated answers to every request of the client, from a seed. More of them: CARAT_ANSWERS=100000, CARAT_SEED=N. */

import { expect, it } from 'vitest'
import { createService } from '../../src/core/service/client.ts'
import { CursorExpired, ServiceError } from '../../src/core/service/errors.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { sources } from '../../src/core/sync/sources.ts'
import { seededRandom } from '../../src/shared/random.ts'
import { temporaryFolder, testClock } from '../support/core.ts'
import { createFakeAccount } from '../support/fake-account.ts'
import { type Json, mutations, textMutations } from '../support/mutations.ts'
import { applyChangesPage, applyListingPage } from '../support/pages.ts'
import { makeAccount, midnight } from '../support/records.ts'

const answers = Number(process.env.CARAT_ANSWERS ?? 3_000)
const seed = Number(process.env.CARAT_SEED ?? 20_260_128)
const token = 'secret-of-this-test'
const { signal } = new AbortController()
const expectedCodes = [
  ...['unauthorized', 'forbidden', 'rate_limited', 'service_failed', 'not_the_service', 'invalid_answer'],
  ...['answer_too_large', 'redirect_refused', 'unreachable', 'timed_out'],
]

it(`answers ${answers} mutated answers with records or a designed error, and leaves verify clean`, {
  timeout: 3_600_000,
}, async () => {
  const random = seededRandom(seed)
  const below = (count: number) => Math.floor(random() * count)
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T
  const mutate = mutations(random)
  const mutateText = textMutations(random)

  function bytesOf(body: Json): BodyInit {
    const text = random() < 0.3 ? mutateText(JSON.stringify(body)) : JSON.stringify(body)
    const at = below(text.length)
    const kind = below(30)
    if (kind === 0) return text.slice(0, at)
    if (kind === 1) return `${text}${text}`
    if (kind === 2) return new Uint8Array(Buffer.from(text, 'utf16le'))
    if (kind === 3) return `\ufeff${text}`
    if (kind === 4)
      return new Uint8Array(
        Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from([0xff, 0xc0]), Buffer.from(text.slice(at))]),
      )
    if (kind === 5) return `${text.slice(0, at)}${'['.repeat(100)}${text.slice(at)}`
    return text
  }

  const fake = createFakeAccount(20, () => {})
  for (let number = 0; number < 40; number++) {
    const { id, agent } = fake.addJob({ agent: number % 2 ? 'agent-1' : 'agent-2' })
    fake.addTransaction({ jobId: id, agent })
    if (number % 3 === 0)
      fake.addTransaction({ kind: 'refund', amount: 10, jobId: id, agent, reverses: `transaction-${number}` })
  }
  const sent = new Set<string>()
  const service = createService({
    api: 'http://service.test',
    clock: testClock(midnight),
    secrets: { accessToken: async () => token, refresh: async () => null, account: async () => null },
    fetch: async (input) => {
      const url = new URL(String(input))
      sent.add(url.pathname)
      const { body } = fake.answer({ path: url.pathname, query: Object.fromEntries(url.searchParams) })
      let mutated = body as Json
      for (let count = below(4); count > 0; count--) mutated = mutate(mutated)
      const status =
        random() < 0.85
          ? 200
          : pick([201, 204, 206, 301, 304, 308, 400, 401, 403, 404, 410, 413, 418, 429, 500, 503, 599])
      const type = random() < 0.95 ? 'application/json' : pick(['text/html', '', 'application/json; charset=utf-16'])
      const headers = {
        'content-type': type,
        ...(random() < 0.1 && { 'retry-after': pick(['-1', '1e9', 'soon', '99999999999']), date: 'yesterday' }),
      }
      return new Response([204, 304].includes(status) ? null : bytesOf(mutated), { status, headers })
    },
  })
  const folder = temporaryFolder()
  const store = openStore(folder.path)
  const database = store.writer as Writable
  database.pragma('synchronous = OFF')
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  const streams = sources(service)
  const now = midnight + 86_400_000
  const codes = new Set<string>()
  let stored = 0
  for (let count = 0; count < answers; count++) {
    const source = pick(streams)
    try {
      const kind = below(4)
      if (kind === 0)
        saveAccount(
          database,
          { ...(await service.account(signal)).account, id: 'account-1', signInMethod: 'google' },
          now,
        )
      else if (kind === 1)
        applyListingPage(database, accountId, source, await source.listing(pick([null, 'p']), signal), now)
      else if (kind === 2)
        applyChangesPage(database, accountId, source, await source.changes(pick(['1.0', '1.30', 'x']), signal), now)
      else await service.job(pick(['agent-1', 'agent-2']), pick(['job-1', 'job-2', '../x']), signal)
      stored++
    } catch (error) {
      if (error instanceof CursorExpired) continue
      expect(error).toBeInstanceOf(ServiceError)
      const { code, params, message, stack, cause } = error as ServiceError
      expect(expectedCodes).toContain(code)
      expect(JSON.stringify([code, params, message, stack, String(cause)])).not.toContain(token)
      codes.add(code)
    }
  }
  const broken = verifyStore(database, now).filter((check) => check.broken > 0)
  store.close()
  folder.remove()
  expect(broken).toEqual([])
  // A fuzz in which nothing passes, or nothing fails, proves nothing.
  expect(stored).toBeGreaterThan(answers / 10)
  expect(codes.size).toBeGreaterThan(5)
  expect(sent.size).toBeGreaterThan(5)
})
