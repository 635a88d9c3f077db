/** The steps of the product and its user: syncs, answers, crashes, clocks and marks. */
import { recordStreams } from './model.ts'
import type { Step, World } from './world.ts'

const minute = 60_000
const day = 86_400_000

const sync: Step = {
  weight: 6,
  run({ product }) {
    if (product.isSyncing()) return null
    product.sync()
    return 'a sync begins'
  },
}

/** Handles a request and delivers its answer at once. */
const answer: Step = {
  weight: 60,
  run({ draws: { pick }, service }) {
    const call = pick(service.calls)
    if (!call) return null
    const text = call.answer ? `${call.name} arrives` : service.handle(call)
    service.deliver(call)
    return text
  },
}

/** Handles a request; the answer stays on its way while other things happen. */
const handle: Step = {
  weight: 6,
  run({ draws: { pick }, service }) {
    const call = pick(service.calls.filter((found) => found.answer === null))
    return call ? `on its way: ${service.handle(call)}` : null
  },
}

/** Everything on its way takes long, and a wrong date of one answer fits to the others. */
const answerSlowly: Step = {
  weight: 2,
  run(world) {
    const { draws, service } = world
    const calls = [...service.calls]
    if (calls.length < 3) return null
    const ms = draws.pick([2 * minute, 180 * minute])
    world.advance(ms)
    const texts = calls.map((call) => (call.answer ? `${call.name} arrives` : service.handle(call)))
    const odd = draws.pick(calls).answer
    if (odd?.fault === null && draws.chance(0.5)) Object.assign(odd, { fault: 'odd date', dateShift: ms - minute / 2 })
    for (const call of calls) service.deliver(call)
    return `after ${ms / minute} min: ${texts.join('; ')}${odd?.fault === 'odd date' ? '; one with an odd date' : ''}`
  },
}

const endWait: Step = {
  weight: 20,
  run(world) {
    const wait = world.nextWait()
    if (wait === null) return null
    world.advance(wait)
    return `a wait of ${wait} ms ends`
  },
}

const evaluate: Step = {
  weight: 2,
  run({ product }) {
    product.evaluate()
    return 'the timer decides due cases'
  },
}

const rebuild: Step = {
  weight: 0.3,
  run({ product }) {
    product.rebuild()
    return 'every case is decided again'
  },
}

const jumpClock: Step = {
  weight: 1,
  run(world) {
    const ahead = world.draws.pick([0, 0, 90_000, -90_000, 60 * minute, -60 * minute, day, -day, 10 * day])
    world.setMachineClock(ahead)
    world.product.evaluate()
    return `the machine's clock is ${ahead / 1_000} s ahead`
  },
}

const crash: Step = {
  weight: 0.7,
  async run(world) {
    const to = world.nextFolder()
    world.product.crashes.copyNow(to)
    await world.restart(to)
    return 'the program is killed and started again'
  },
}

const crashAtWrite: Step = {
  weight: 0.7,
  run({ draws: { int }, product, nextFolder }) {
    if (product.crashes.isArmed()) return null
    const count = int(1, 40)
    product.crashes.arm(count, nextFolder())
    return `the program will die ${count} writes from now`
  },
}

const restart: Step = {
  weight: 0.3,
  async run(world) {
    await world.restart()
    return 'the program ends and starts again'
  },
}

const mark: Step = {
  weight: 1,
  run({ draws: { pick, chance }, product, clock, marks }) {
    const names = product.caseNames()
    if (names.length === 0) return null
    const name = pick(names)
    const patch = pick([
      { favorite: chance(0.5) },
      { note: pick(['메모', null]) },
      { dismissedAt: chance(0.6) ? clock().now() : null },
      { unwanted: chance(0.5) },
    ])
    marks.set(name, product.mark(name, patch))
    return `the user marks ${name}: ${JSON.stringify(patch)}`
  },
}

const pauseOrResume: Step = {
  weight: 0.3,
  run({ product }) {
    const isPaused = product.engine.state().status === 'paused'
    if (isPaused) product.engine.resume()
    else product.engine.pause()
    return isPaused ? 'the user resumes the sync' : 'the user pauses the sync'
  },
}

const acceptListing: Step = {
  weight: 1,
  run({ draws: { pick }, product }: World) {
    const stream = pick(recordStreams)
    product.engine.accept(stream)
    return `the user accepts what is left of ${stream}`
  },
}

export const productSteps: Readonly<Record<string, Step>> = {
  sync,
  answer,
  handle,
  answerSlowly,
  endWait,
  evaluate,
  rebuild,
  jumpClock,
  crash,
  crashAtWrite,
  restart,
  mark,
  pauseOrResume,
  acceptListing,
}
