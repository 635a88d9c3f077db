/** `npm run dev` on a copy of the sources, which the test edits. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from '@playwright/test'

const root = join(import.meta.dirname, '../..')
const copied = ['src', 'resources', 'scripts', 'electron.config.ts', 'package.json', 'package-lock.json']

// The tests run in order with one server: the last test edits its sources and ends it.
test.describe.configure({ mode: 'default' })

test.skip(process.platform === 'win32', 'On Windows a signal ends the script alone, and its server would stay.')

let project: string
let server: ChildProcess
let ended: Promise<unknown[]>
let url: string

test.beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'carat-dev-'))
  for (const name of copied) cpSync(join(root, name), join(project, name), { recursive: true })
  for (const name of ['node_modules', 'out']) symlinkSync(join(root, name), join(project, name), 'junction')
  const args = [join(project, 'scripts/dev.mjs'), '--port', '0', '--data', join(project, 'data'), '--lang', 'en']
  server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  ended = once(server, 'exit')
  for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
    url = /ready: (http:\S+)/.exec(line)?.[1] ?? ''
    if (url) break
  }
})

test.afterAll(async () => {
  server.kill()
  await ended
  rmSync(project, { recursive: true, force: true, maxRetries: 5 })
})

test('the development server leaves the admission check to the host', async ({ request }) => {
  const { origin } = new URL(url)
  const foreign = await request.post(`${origin}/session`, {
    headers: { origin: 'http://127.0.0.1:1' },
    data: { code: 'x' },
  })
  const media = await request.get(`${origin}/media/agent-1/a/b/thumbnail?key=x`)
  const own = await request.post(`${origin}/session`, { headers: { origin }, data: { code: 'x' } })
  expect([foreign.status(), media.status(), own.status()]).toEqual([403, 401, 403])
})

test('the development server updates the page without a reload and ends cleanly', async ({ page }) => {
  const violations: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text())
  })
  await page.goto(url)
  await expect(page.locator('#root[data-ready]')).toBeAttached()
  await expect(page.locator('nav')).toContainText('Overview')
  await expect(page.locator('[data-job-id] img').first()).toHaveJSProperty('complete', true)
  await page.evaluate(() => document.documentElement.setAttribute('data-not-reloaded', ''))

  const logo = join(project, 'src/renderer/shell/logo.tsx')
  writeFileSync(logo, readFileSync(logo, 'utf8').replace('<svg ', '<svg data-edited="" '))
  await expect(page.locator('html[data-not-reloaded] svg[data-edited]').first()).toBeAttached()
  expect(violations).toEqual([])

  server.kill()
  expect(await ended).toEqual([0, null])
})
