import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { expectAccessible, goTo, hostTime } from '../support/app-page.ts'
import { pageOnly, startApp, test } from '../support/app-test.ts'
import { runCli } from '../support/cli.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import type { Host } from '../support/host.ts'

let service: FakeService
let dataDir: string
let host: Host | undefined
const file = (name: string) => join(dataDir, name)
const env = () => ({ CARAT_TOKEN: service.token, CARAT_NOW: new Date(hostTime).toISOString() })
const carat = (...args: string[]) => runCli([...args, '--data', dataDir], env())
const options = () => ({ dataDir, env: env(), args: [`--api=${service.url}`, '--lang=en'] })

/** A synced folder with an import, and a backup of both. */
test.beforeEach(async () => {
  service = await createFakeService()
  for (let number = 0; number < 200; number++) service.addJob({ id: `job-${number}`, prompt: `고양이 ${number}` })
  dataDir = mkdtempSync(join(tmpdir(), 'carat-damage-'))
  expect(await carat('sync', '--api', service.url)).toMatchObject({ code: 0 })
  mkdirSync(file('backups'))
  expect(await carat('backup', '--out', file('backups/carat-20260101T000000Z.db'))).toMatchObject({ code: 0 })
})
test.afterEach(async () => {
  await host?.stop()
  host = undefined
  await service.close()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
})

/** Fills every page but the first with noise, so that nothing can be read. */
const damage = () => writeFileSync(file('carat.db'), readFileSync(file('carat.db')).fill(0x5a, 4096))

test('offers to recover a damaged database at its start, and shows the history again', async ({ page }) => {
  damage()
  host = await startApp(page, options())
  await expect(page.getByRole('heading', { name: 'The database is damaged' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Recover' }).click()
  await expect(page.getByRole('heading', { name: 'The database works again' })).toBeVisible()
  const aside = readdirSync(dataDir).find((name) => name.includes('.damaged-')) as string
  await expect(page.getByText(file(aside))).toBeVisible()
  await expect(page.getByText('carat-20260101T000000Z.db')).toBeVisible()
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByRole('navigation').first()).toBeVisible()
  await goTo(page, '/library')
  await expect(page.locator('[data-job-id="job-199"]')).toBeVisible()
})

test(
  'begins again from the backup that the user chooses, and reads the rest from the service',
  pageOnly,
  async ({ page }) => {
    service.addJob({ id: 'newest', prompt: '새 고양이' })
    expect(await carat('sync', '--api', service.url)).toMatchObject({ code: 0 })
    expect(await carat('backup', '--out', file('backups/carat-20260102T000000Z.db'))).toMatchObject({ code: 0 })
    writeFileSync(file('backups/carat-20260103T000000Z.db'), 'no backup')
    damage()
    host = await startApp(page, options())
    const newer = page.getByRole('radio', { name: 'Jobs 201' })
    const older = page.getByRole('radio', { name: 'Jobs 200' })
    await expect(newer).toBeChecked()
    await expect(page.getByText('1 backup is damaged')).toBeVisible()
    await older.check()
    await page.getByRole('button', { name: 'Recover' }).click()
    await expect(page.getByText('carat-20260101T000000Z.db')).toBeVisible()
    await page.getByRole('button', { name: 'Go on' }).click()
    // Not in the Library, which announces what is new above the first row instead of moving that row.
    await expect(page.locator('[data-job-id="newest"]').first()).toBeVisible()
  },
)

for (const [how, lose] of [
  ['empty', () => truncateSync(file('carat.db'))],
  ['gone', () => rmSync(file('carat.db'))],
] as const) {
  test(`offers to recover a database that is ${how}, and shows the history again`, pageOnly, async ({ page }) => {
    lose()
    host = await startApp(page, options())
    await expect(page.getByRole('heading', { name: 'The database is gone' })).toBeVisible()
    await page.getByRole('button', { name: 'Recover' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
    await goTo(page, '/library')
    await expect(page.locator('[data-job-id="job-199"]')).toBeVisible()
  })
}

test('shows the same if the damage is met while the app runs', async ({ page }) => {
  host = await startApp(page, options())
  await expect(page.getByRole('navigation').first()).toBeVisible()
  damage()
  await goTo(page, '/refunds')
  await page.reload()
  await goTo(page, '/credits')
  await expect(page.getByRole('heading', { name: 'The database is damaged' })).toBeVisible()
  await page.getByRole('button', { name: 'Recover' }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  await goTo(page, '/library')
  await expect(page.locator('[data-job-id="job-199"]')).toBeVisible()
})

const whileOpen: Record<string, { how: () => void; screen: string; title: string; button: string }> = {
  deleted: {
    how: () => rmSync(file('carat.db')),
    screen: '/library',
    title: 'The database is gone',
    button: 'Recover',
  },
  'replaced by a copy': {
    how: () => {
      copyFileSync(file('carat.db'), file('copy'))
      renameSync(file('copy'), file('carat.db'))
    },
    screen: '/settings',
    title: 'The database was replaced',
    button: 'Go on',
  },
}
for (const [name, { how, screen, title, button }] of Object.entries(whileOpen)) {
  test(`says so if the database is ${name} while a screen is open, and goes on with everything`, async ({ page }) => {
    test.skip(process.platform === 'win32', 'Windows deletes no file that is open')
    host = await startApp(page, options())
    await goTo(page, screen)
    how()
    // A sync may have noticed it already.
    await goTo(page, '/refunds')
    await expect(page.getByRole('heading', { name: title })).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: button }).click()
    await expect(page.getByRole('heading', { name: 'The database works again' })).toBeVisible()
    await page.getByRole('button', { name: 'Go on' }).click()
    await goTo(page, '/library')
    await expect(page.locator('[data-job-id="job-199"]')).toBeVisible()
  })
}
