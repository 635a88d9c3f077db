/** `npm test`: sets up, runs every check in order until one fails, and counts the tests. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { install, root, runtime } from './setup.mjs'

const reports = mkdtempSync(join(tmpdir(), 'carat-test-'))
const vitestReport = join(reports, 'vitest.json')
const playwrightReport = join(reports, 'playwright.json')
const plain = !process.stdout.isTTY
/** Many tests start the app and its command line; compiling is half of a start. */
const compiled = join(root, '.cache', 'compiled')

/** Name, script below the project, arguments. */
const steps = [
  ['browser', 'test/support/browser.ts', []],
  [
    'lint',
    'node_modules/@biomejs/biome/bin/biome',
    ['ci', '--error-on-warnings', ...(plain ? ['--colors=off'] : []), '.'],
  ],
  ['types', 'node_modules/typescript/bin/tsc', ['-p', '.']],
  [
    'unit, property, store, contract, faults',
    'node_modules/vitest/vitest.mjs',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
  ],
  ['build', 'scripts/build.mjs', []],
  ['e2e', 'node_modules/@playwright/test/cli.js', ['test', '--reporter=list,json']],
]

await install()
const failedStep = steps.find((step) => !passes(step))?.[0]
const count = sum(countVitest(vitestReport), countPlaywright(playwrightReport))
rmSync(reports, { recursive: true, force: true })

if (failedStep) console.log(`\nStopped at: ${failedStep}`)
for (const reason of count.skipped) console.log(`Skipped: ${reason}`)
// A step without tests can fail too, such as lint.
const failed = count.failed || (failedStep ? 1 : 0)
const skipped = count.skipped.length
console.log(`${count.passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed ? 1 : 0

/** Runs a step with its output on this terminal. */
function passes([name, script, args]) {
  console.log(`\n▶ ${name}`)
  const startedAt = Date.now()
  const { status } = spawnSync(runtime(), [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      NODE_COMPILE_CACHE: compiled,
      ...process.env,
      ...(plain && { NO_COLOR: '1' }),
      PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport,
    },
  })
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`)
  return status === 0
}

function countVitest(path) {
  if (!existsSync(path)) return { passed: 0, failed: 0, skipped: [] }
  const report = JSON.parse(readFileSync(path, 'utf8'))
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: tests.filter(({ status }) => !['passed', 'failed'].includes(status)).map(({ fullName }) => fullName),
  }
}

function countPlaywright(path) {
  if (!existsSync(path)) return { passed: 0, failed: 0, skipped: [] }
  const { stats, suites } = JSON.parse(readFileSync(path, 'utf8'))
  const specs = (suite) => [...suite.specs, ...(suite.suites ?? []).flatMap(specs)]
  const skipped = suites
    .flatMap(specs)
    .flatMap(({ title, tests }) =>
      tests
        .filter(({ status }) => status === 'skipped')
        .map(({ annotations }) =>
          [title, ...annotations.map(({ description }) => description)].filter(Boolean).join(': '),
        ),
    )
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped }
}

function sum(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
  }
}
