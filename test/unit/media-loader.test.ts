import { expect, it } from 'vitest'
import { createLoader } from '../../src/core/media/loader.ts'

/** A loader whose loads end when the test says so. */
function byHand(limit: number) {
  const load = createLoader<string>(limit)
  const begun: string[] = []
  const aborted: string[] = []
  const finish = new Map<string, (error?: Error) => void>()
  const ask = (key: string) => {
    const abort = new AbortController()
    const answer = load(key, abort.signal, (signal) => {
      begun.push(key)
      signal.addEventListener('abort', () => aborted.push(key))
      return new Promise((resolve, reject) => finish.set(key, (error) => (error ? reject(error) : resolve(`${key}!`))))
    })
    return { answer: answer.catch((error) => error), leave: () => abort.abort('left') }
  }
  return { begun, aborted, ask, finish: (key: string, error?: Error) => finish.get(key)?.(error) }
}

it('starts the newest request first, within the limit of parallel loads', async () => {
  const { ask, begun, finish } = byHand(2)
  const answers = ['a', 'b', 'c', 'd', 'e'].map((key) => ask(key).answer)
  expect(begun).toEqual(['a', 'b'])
  for (const [key, next] of [
    ['a', 'e'],
    ['b', 'd'],
    ['e', 'c'],
  ] as const) {
    finish(key)
    await answers[['a', 'b', 'c', 'd', 'e'].indexOf(key)]
    expect(begun.at(-1)).toBe(next)
  }
  finish('c')
  finish('d')
  expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'c!', 'd!', 'e!'])
})

it('moves a repeated request to the front and loads it once', async () => {
  const { ask, begun, finish } = byHand(1)
  const first = ask('a')
  const waiting = [ask('b'), ask('c'), ask('b')]
  finish('a')
  await first.answer
  expect(begun).toEqual(['a', 'b'])
  finish('b')
  expect(await Promise.all([waiting[0]?.answer, waiting[2]?.answer])).toEqual(['b!', 'b!'])
  finish('c')
  expect(await waiting[1]?.answer).toBe('c!')
})

it('skips a request whose waiters all left', async () => {
  const { ask, begun, finish } = byHand(1)
  const first = ask('a')
  const leaving = ask('b')
  const stays = ask('c')
  leaving.leave()
  expect(await leaving.answer).toBe('left')
  finish('a')
  await first.answer
  finish('c')
  expect(await stays.answer).toBe('c!')
  expect(begun).toEqual(['a', 'c'])
})

it('aborts a running load once its last waiter leaves', async () => {
  const { ask, aborted, begun, finish } = byHand(1)
  const [one, two] = [ask('a'), ask('a')]
  one.leave()
  expect(await one.answer).toBe('left')
  expect(aborted).toEqual([])
  two.leave()
  expect(await two.answer).toBe('left')
  expect(aborted).toEqual(['a'])
  const again = ask('a')
  expect(begun, 'the aborted load counts until it has ended').toEqual(['a'])
  finish('a', new Error('aborted'))
  await new Promise(setImmediate)
  finish('a')
  expect(await again.answer).toBe('a!')
})

it('continues after a failure and reports it to all waiters', async () => {
  const { ask, finish } = byHand(1)
  const [one, two, next] = [ask('a'), ask('a'), ask('b')]
  finish('a', new Error('broken'))
  expect(await Promise.all([one.answer, two.answer])).toMatchObject([{ message: 'broken' }, { message: 'broken' }])
  finish('b')
  expect(await next.answer).toBe('b!')
})

it('rejects a request whose signal is already aborted', async () => {
  const load = createLoader<string>(1)
  await expect(load('a', AbortSignal.abort('left'), async () => 'a')).rejects.toBe('left')
})
