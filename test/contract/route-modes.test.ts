import { expect, test } from 'vitest'
import { hostHandlers } from '../../src/core/routes/host.ts'
import { readHandlers } from '../../src/core/routes/reads.ts'
import { writeHandlers } from '../../src/core/routes/writes.ts'
import { type RouteName, routes } from '../../src/shared/routes.ts'

test('each handler stands in the table of its mode', () => {
  const tables = { read: readHandlers, write: writeHandlers, host: hostHandlers }
  for (const [mode, handlers] of Object.entries(tables)) {
    const names = Object.keys(routes).filter((name) => routes[name as RouteName].mode === mode)
    expect(Object.keys(handlers).sort()).toEqual(names.sort())
  }
})
