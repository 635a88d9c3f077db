/** `npm test`: sets up, runs every check in order until one fails, and counts the tests. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compiled, install, root, runtime } from './setup.mjs'

const reports = mkdtempSync(join(tmpdir(), 'carat-test-'))
const vitestReport = join(reports, 'vitest.json')
const playwrightReport = join(root, 'test-results', 'report.json')
const playwright = 'node_modules/@playwright/test/cli.js'
const plain = !process.stdout.isTTY

/** Runs a command with Electron and a display, if this user has neither; the specs run a second time through it. */
const electronRunner = process.env.CARAT_ELECTRON_RUNNER

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
    'unit, property, store, contract, faults, simulation',
    'node_modules/vitest/vitest.mjs',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
  ],
  ['build', 'scripts/build.mjs', []],
  ['e2e', playwright, ['test']],
  ...(electronRunner ? [['e2e on Electron', playwright, ['test', '--project=electron'], electronRunner]] : []),
]

rmSync(playwrightReport, { force: true })
await install()
let count = { passed: 0, failed: 0, skipped: [] }
let onElectron = 0
const failedStep = steps.find((step) => !passes(step))?.[0]
count = sum(count, countVitest(vitestReport))
rmSync(reports, { recursive: true, force: true })

if (failedStep) console.log(`\nStopped at: ${failedStep}`)
for (const reason of count.skipped) console.log(`Skipped: ${reason}`)
// A step without tests can fail too, such as lint.
const failed = count.failed || (failedStep ? 1 : 0)
const skipped = count.skipped.length
const electron = onElectron ? `, ${onElectron} of them on Electron` : ', none on Electron'
console.log(`${count.passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}${electron}`)
process.exitCode = failed ? 1 : 0

/** Runs a step with its output on this terminal. */
function passes([name, script, args, runner]) {
  console.log(`\n▶ ${name}`)
  const startedAt = Date.now()
  const [command, first] = runner ? [runner, ['node', script]] : [runtime(), [join(root, script)]]
  const { status } = spawnSync(command, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      NODE_COMPILE_CACHE: compiled,
      ...process.env,
      ...(plain && { NO_COLOR: '1' }),
    },
  })
  addPlaywright()
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

/** Adds the report of a Playwright run and removes it, so that it counts once. */
function addPlaywright() {
  if (!existsSync(playwrightReport)) return
  const { stats, suites } = JSON.parse(readFileSync(playwrightReport, 'utf8'))
  rmSync(playwrightReport)
  const specs = (suite) => [...suite.specs, ...(suite.suites ?? []).flatMap(specs)]
  const tests = suites.flatMap(specs).flatMap(({ title, tests }) => tests.map((test) => ({ ...test, title })))
  const skipped = tests
    .filter(({ status }) => status === 'skipped')
    .map(({ title, annotations }) =>
      [title, ...annotations.map(({ description }) => description)].filter(Boolean).join(': '),
    )
  for (const { title, projectName } of tests.filter(({ status }) => status === 'flaky'))
    console.log(`Passed only when run again: ${title} [${projectName}]`)
  count = sum(count, { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped })
  onElectron += tests.filter(
    ({ projectName, status }) => projectName === 'electron' && ['expected', 'flaky'].includes(status),
  ).length
}

function sum(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
  }
}
