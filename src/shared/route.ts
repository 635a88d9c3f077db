/** The parts of a route of the contract. */
import { z } from 'zod'

export type RouteMode =
  /** Answers from the database and changes nothing. */
  | 'read'
  /** Changes records, or controls the sync and the queue of originals. */
  | 'write'
  /** Is about the app on this machine: settings, the state of its work, the cache, exported files. */
  | 'host'

/** Makes the routes of a mode from their input and output. */
export const routesOf =
  <Mode extends RouteMode>(mode: Mode) =>
  <Input extends z.ZodType, Output>(input: Input, output: Output) => ({ mode, input, output })

/** Carries an output type for the compiler. There is no value, because output is not validated. */
export const gives = <Output>() => undefined as Output

export const nothing = z.strictObject({})
