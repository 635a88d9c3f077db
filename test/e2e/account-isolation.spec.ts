/**
 * Each host with a screen and the command line, a process of its own, over one data folder with three accounts. It takes
 * longest, and has a name that lets Playwright start it first: at the end, the other workers would have nothing to do.
 */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, type Page } from '@playwright/test'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { ago, goTo } from '../support/app-page.ts'
import { electronOf, isElectron, startApp, test } from '../support/app-test.ts'
import { type Finished, runCli } from '../support/cli.ts'
import { temporaryFolder } from '../support/core.ts'
import type { Host } from '../support/host.ts'
import { answerConsent } from '../support/sign-in.ts'
import { filesWith } from '../support/traces.ts'

/** Two people whose services list jobs and charges with the same ids, and a table of the user's own. */
const second = { id: 'acct_second', displayName: '박지훈', email: 'jihun@example.com', signInMethod: 'kakao' } as const
const table = '일시,내용,크레딧\n2026-01-27 14:21,달빛유리고래그리기,-33\n2026-01-27 15:00,영상 생성,-40\n'
const env = { CARAT_NOW: ago(0), CARAT_TOKEN: '' }

let folder: ReturnType<typeof temporaryFolder>
let dataDir: string
let services: Sandbox[]
let host: Host | undefined

test.beforeEach(async () => {
  folder = temporaryFolder()
  dataDir = join(folder.path, 'data')
  const fixedNow = Date.parse(ago(0))
  services = await Promise.all([
    startSandbox({ dir: join(folder.path, 'first'), fixedNow }),
    startSandbox({ dir: join(folder.path, 'second'), fixedNow, holder: second }),
  ])
  writeFileSync(join(folder.path, 'table.csv'), table)
})
test.afterEach(async () => {
  await host?.stop()
  await Promise.all(services.map((service) => service.close()))
  folder.remove()
})

const carat = (...args: string[]) => runCli([...args, '--data', dataDir], env)
async function json(...args: string[]) {
  const run = await carat(...args, '--json')
  expect(run).toMatchObject({ code: 0, err: '' })
  return JSON.parse(run.out)
}
/** Everything that an account has, as a file for other programs. */
async function everythingOf(account: string): Promise<string> {
  const out = join(folder.path, 'export.json')
  expect(await carat('export', '--format', 'json', '--out', out, '--account', account)).toMatchObject({ code: 0 })
  return readFileSync(out, 'utf8')
}
const marksOf = async (account: string) => JSON.parse(await everythingOf(account)).marks

/** Signs in by the command line, and answers its consent page. */
function signIn(service: Sandbox): Promise<Finished> {
  const args = ['src/cli/index.ts', 'sign-in', '--api', service.url, '--data', dataDir, '--json']
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env, DISPLAY: '', WAYLAND_DISPLAY: '' } })
  const texts = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    texts.out += chunk
  })
  createInterface({ input: child.stderr }).on('line', (line) => {
    texts.err += `${line}\n`
    if (line.startsWith('http')) void answerConsent(line)
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, ...texts })))
}

async function start(page: Page): Promise<void> {
  host = await startApp(page, { args: ['--lang=ko'], env, dataDir })
  await expect(page.locator('#root[data-ready]')).toBeAttached()
}
async function stop(): Promise<void> {
  await host?.stop()
  host = undefined
}
/** Signs in by the page, and waits until the history is read. */
async function connect(page: Page, { url }: Sandbox): Promise<void> {
  await page.getByRole('button', { name: /계정 메뉴/ }).click()
  await page.getByRole('menuitem', { name: '서비스 연결' }).click()
  const dialog = page.getByRole('dialog', { name: '서비스 연결' })
  await dialog.getByLabel('주소').fill(url)
  const begin = () => dialog.getByRole('button', { name: '로그인' }).click()
  if (isElectron(page)) {
    const opened = electronOf(page).app.evaluate(
      ({ shell }) =>
        new Promise<string>((resolve) => {
          shell.openExternal = async (address) => resolve(address)
        }),
    )
    await begin()
    await answerConsent(await opened)
  } else {
    const [tab] = await Promise.all([page.context().waitForEvent('page'), begin()])
    await tab.getByRole('button', { name: '허용' }).click()
    await tab.close()
  }
  await expect(dialog).toBeHidden()
}
async function choose(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name: /계정 메뉴/ }).click()
  await page.getByRole('menuitemradio', { name }).click()
  await expect(page.getByRole('menu')).toBeHidden()
}
const favorite = (page: Page) => page.getByRole('button', { name: '즐겨찾기' })
async function mark(page: Page, path: string): Promise<void> {
  await goTo(page, path)
  await favorite(page).click()
  await expect(favorite(page)).toHaveAttribute('aria-pressed', 'true')
}

test('two programs and three accounts share one data folder, and nothing of one reaches another', async ({ page }) => {
  test.setTimeout(180_000)
  const [first, other] = services as [Sandbox, Sandbox]
  expect(await carat('import', join(folder.path, 'table.csv'), '--yes')).toMatchObject({ code: 0 })
  const imported = await everythingOf('my-history')

  // The first account, by the page; the command line reads beside it and changes nothing.
  await start(page)
  await connect(page, first)
  await expect.poll(async () => (await json('accounts')).map(({ id }: { id: string }) => id)).toContain('acct_sample')
  await expect.poll(async () => (await json('summary', '--account', 'acct_sample')).cases).toBeGreaterThan(50)
  const [job] = await json('jobs', '--account', 'acct_sample', '--limit', '1')
  const path = `/library/${job.agent}/${encodeURIComponent(job.jobId)}`
  await mark(page, path)
  expect(await carat('sync')).toMatchObject({ code: 1, err: expect.stringContaining(dataDir) })
  expect((await json('accounts')).filter(({ signedIn }: { signedIn: boolean }) => signedIn)).toMatchObject([
    { id: 'acct_sample' },
  ])
  await goTo(page, '/overview')
  await page.getByRole('button', { name: /계정 메뉴/ }).click()
  await page.getByRole('menuitem', { name: '로그아웃' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '로그아웃' }).click()
  await expect(page.getByText('로그아웃했어요.')).toBeVisible()
  await stop()
  const ofFirst = await everythingOf('acct_sample')
  expect(JSON.parse(ofFirst).marks).toMatchObject([{ favorite: true }])

  // The second account, by the command line, with jobs of the same ids.
  const signedIn = await signIn(other)
  expect(signedIn).toMatchObject({ code: 0 })
  expect(JSON.parse(signedIn.out)).toMatchObject({ account: second.id, signInMethod: 'kakao', api: other.url })
  expect(await json('sync')).toMatchObject({ ok: true, account: second.id })
  expect(await marksOf(second.id)).toEqual([])
  expect(await everythingOf('acct_sample')).toBe(ofFirst)
  const accounts: { id: string; signedIn: boolean }[] = await json('accounts')
  expect(accounts.map(({ id, signedIn: isIn }) => [id, isIn]).sort()).toEqual([
    ['acct_sample', false],
    [second.id, true],
    ['my-history', false],
  ])

  // The page goes on with the sign-in of the command line, and shows either account, or all.
  await start(page)
  await goTo(page, path)
  await expect(favorite(page)).toHaveAttribute('aria-pressed', 'false')
  await choose(page, /김서연/)
  await expect(favorite(page)).toHaveAttribute('aria-pressed', 'true')
  await choose(page, /모든 계정/)
  await mark(page, `${path}?account=${second.id}`)
  expect(await marksOf(second.id)).toMatchObject([{ favorite: true }])
  expect(await everythingOf('acct_sample')).toBe(ofFirst)

  // Signing out of the second account takes its history with it, and of nothing else.
  await choose(page, /박지훈/)
  await page.getByRole('button', { name: /계정 메뉴/ }).click()
  await page.getByRole('menuitem', { name: '로그아웃' }).click()
  const dialog = page.getByRole('dialog', { name: '로그아웃할까요?' })
  await dialog.getByRole('button', { name: '지우기' }).click()
  await expect(dialog.getByRole('listitem').first()).toBeVisible()
  await dialog.getByRole('button', { name: '로그아웃하고 지우기' }).click()
  await expect(dialog).toBeHidden()
  await stop()
  expect([second.id, second.email].flatMap((text) => filesWith(dataDir, text))).toEqual([])
  expect(await everythingOf('acct_sample')).toBe(ofFirst)
  expect(await everythingOf('my-history')).toBe(imported)

  expect(await carat('delete', '--account', 'my-history', '--yes')).toMatchObject({ code: 0 })
  expect(filesWith(dataDir, '달빛유리고래')).toEqual([])
  expect(await everythingOf('acct_sample')).toBe(ofFirst)
  expect(await json('verify')).toMatchObject({ ok: true })
})
