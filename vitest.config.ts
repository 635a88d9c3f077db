import { defineConfig } from 'vitest/config'

// better-sqlite3 loads under the project's own Node only; `npx vitest` and the npm scripts put it first on the path.
if (Number.parseInt(process.versions.node, 10) < 24)
  throw new Error('Run the tests with `npm test` or `npx vitest run`.')

export default defineConfig({
  test: {
    include: ['test/{unit,property,store,contract,faults,simulation}/**/*.test.ts'],
    // Tests stand for users in Korea; what depends on a zone says so itself.
    env: { TZ: 'Asia/Seoul' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One processor left idle, the default, is half of a small machine.
    maxWorkers: '100%',
    // One stalled moment of a shared machine must not fail a run of 15 minutes; the output marks a test that needed it.
    retry: process.env.CI ? 1 : 0,
  },
})
