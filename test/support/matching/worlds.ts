/** The worlds in which matching is measured: those that it expects, and others. */
import { usualWorld, type World } from './history.ts'

const minuteMs = 60_000

const world = (name: string, changes: Partial<World>): World => ({ ...usualWorld, ...changes, name })

const seconds = { precisionMs: 1_000 }
const busy = { gapMs: 45_000 }
const calm = { gapMs: 300_000 }

export const worlds: World[] = [
  world('seconds, busy', { ...seconds, ...busy }),
  world('seconds, usual', seconds),
  world('seconds, calm', { ...seconds, ...calm }),
  world('minutes, busy', busy),
  usualWorld,
  world('minutes, calm', calm),
  world('minutes, usual, offset per session', { offsetPerSession: true }),
  world('seconds, busy, half of the models known', { ...seconds, ...busy, modelsKnown: 0.5 }),
  world('three times slower', { slowness: 3 }),
  world('a third of the charges missing', { missingCharges: 1 / 3 }),
  world('half of the results missing', { missingResults: 0.5 }),
  world('30 % failures', { failures: 0.3 }),
  world('results spread over 30 s', { spreadMs: minuteMs / 2 }),
  world('no zone, nine hours wrong', { zoneMs: 9 * 60 * minuteMs, evidence: 'embedded_no_zone' }),
]

/** Results whose files state only when they were saved: nothing may be decided by them. */
export const downloads = world('download times', { downloads: true })
