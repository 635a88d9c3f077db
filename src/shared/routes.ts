/** The route contract: a mode, an input schema and an output type per route (docs/add-a-route.md). */
import type { z } from 'zod'
import { hostRoutes } from './host-routes.ts'
import { readRoutes } from './read-routes.ts'
import type { RouteMode } from './route.ts'
import { writeRoutes } from './write-routes.ts'

export const routes = { ...readRoutes, ...writeRoutes, ...hostRoutes }

export type Routes = typeof routes
export type RouteName = keyof Routes
/** The routes of a mode. */
export type RouteOf<Mode extends RouteMode> = {
  [R in RouteName]: Routes[R]['mode'] extends Mode ? R : never
}[RouteName]
/** The input that a caller passes; defaults may be left out. */
export type RouteInput<R extends RouteName> = z.input<Routes[R]['input']>
/** The input that a handler gets, with defaults. */
export type RouteArguments<R extends RouteName> = z.output<Routes[R]['input']>
export type RouteOutput<R extends RouteName> = Routes[R]['output']
