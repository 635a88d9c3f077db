import { defineConfig, type Project } from '@playwright/test'
import type { HostOption } from './test/support/app-test.ts'
import { findBrowser } from './test/support/browser.ts'
import { noElectronReason } from './test/support/electron.ts'
import { memoryFolder } from './test/support/memory-folder.ts'

/** Attacks on the loopback server, the development server, and a history that is faked at the server's WebSocket. */
const browserSpecs = ['**/gate.spec.ts', '**/dev.spec.ts', '**/library-history.spec.ts']
/**
 * Screens that ask nothing of their host but the core's answers. Each start of Electron takes seconds, so they run once, as
 * do the tests of other files that are marked with `pageOnly`.
 */
const pageSpecs = [
  'all-accounts',
  'credits',
  'help',
  'joined-accounts',
  'ledger-check',
  'library',
  'matches',
  'narrow',
  'overview',
  'paths',
  'possible-links',
  'refunds',
].map((name) => `**/${name}.spec.ts`)
/** Menus, windows and everything else that only Electron has. */
const electronSpecs = '**/electron*.spec.ts'

process.env.TMPDIR = memoryFolder()

const electron: Project<HostOption> = {
  name: 'electron',
  testIgnore: [...browserSpecs, ...pageSpecs],
  grepInvert: /@browser-only/,
  use: { hostName: 'electron' },
}

export default defineConfig<HostOption>({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // Two for each processor of a small machine: a test waits for its processes and its page a good part of the time.
  workers: 4,
  // Machines of CI are busy and small; nothing here waits for its own sake.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // One stalled moment of a shared machine must not fail a run of 15 minutes; the summary names every test that needed it.
  retries: process.env.CI ? 2 : 0,
  // Below `test-results`, so that the report of a run elsewhere comes back with the results.
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: findBrowser() },
    locale: 'ko-KR',
    timezoneId: 'Asia/Seoul',
    screenshot: 'only-on-failure',
  },
  projects: [{ name: 'browser', testIgnore: electronSpecs }, ...(noElectronReason() === null ? [electron] : [])],
})
