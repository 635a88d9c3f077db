import { expect, it } from 'vitest'
import { createLoader } from '../../src/core/media/loader.ts'

/** A loader whose tasks a test finishes by hand. */
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

it('begins with the newest request, and no more than so many at a time', async () => {
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

it('what is asked for again becomes the newest, and is loaded once', async () => {
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

it('never begins what nobody waits for any more', async () => {
  const { ask, begun, finish } = byHand(1)
  const first = ask('a')
  const gone = ask('b')
  const stays = ask('c')
  gone.leave()
  expect(await gone.answer).toBe('left')
  finish('a')
  await first.answer
  finish('c')
  expect(await stays.answer).toBe('c!')
  expect(begun).toEqual(['a', 'c'])
})

it('aborts what runs once the last of its waiters is gone', async () => {
  const { ask, aborted, begun, finish } = byHand(1)
  const [one, two] = [ask('a'), ask('a')]
  one.leave()
  expect(await one.answer).toBe('left')
  expect(aborted).toEqual([])
  two.leave()
  expect(await two.answer).toBe('left')
  expect(aborted).toEqual(['a'])
  const again = ask('a')
  expect(begun, 'its place is not free before it has ended').toEqual(['a'])
  finish('a', new Error('aborted'))
  await new Promise(setImmediate)
  finish('a')
  expect(await again.answer).toBe('a!')
})

it('goes on after a failure, which all of its waiters hear of', async () => {
  const { ask, finish } = byHand(1)
  const [one, two, next] = [ask('a'), ask('a'), ask('b')]
  finish('a', new Error('broken'))
  expect(await Promise.all([one.answer, two.answer])).toMatchObject([{ message: 'broken' }, { message: 'broken' }])
  finish('b')
  expect(await next.answer).toBe('b!')
})

it('refuses whoever has left before asking', async () => {
  const load = createLoader<string>(1)
  await expect(load('a', AbortSignal.abort('left'), async () => 'a')).rejects.toBe('left')
})
