import type { Handler } from './context.ts'

const nothing = { files: 0, bytes: 0 }

export const cacheUsage: Handler<'cache.usage'> = ({ cache }) => cache?.usage() ?? nothing

export const cacheClear: Handler<'cache.clear'> = async ({ cache }) => {
  await cache?.clear()
  return cache?.usage() ?? nothing
}
