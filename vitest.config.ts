import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'
import { memoryFolder } from './test/support/memory-folder.ts'

// better-sqlite3 loads under the project's own Node only; `npx vitest` and the npm scripts put it first on the path.
if (Number.parseInt(process.versions.node, 10) < 24)
  throw new Error('Run the tests with `npm test` or `npx vitest run`.')

const include = ['test/{unit,property,store,contract,faults,simulation}/**/*.test.ts']
/** Files that replace modules or globals; the modules of all others are loaded once for each worker. */
const replacing = globSync(include)
  .filter((path) => /\bvi\.(doMock|mock|stubGlobal)\(/.test(readFileSync(path, 'utf8')))
  // Windows separates names by a character that patterns use otherwise.
  .map((path) => path.replaceAll('\\', '/'))

export default defineConfig({
  test: {
    // Tests stand for users in Korea; what depends on a zone says so itself.
    env: { TZ: 'Asia/Seoul', TMPDIR: memoryFolder() },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One processor left idle, the default, is half of a small machine.
    maxWorkers: '100%',
    // One stalled moment of a shared machine must not fail a run of 15 minutes; the output marks a test that needed it.
    retry: process.env.CI ? 1 : 0,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'shared', include, exclude: replacing, isolate: false } },
      { extends: true, test: { name: 'isolated', include: replacing } },
    ],
  },
})
