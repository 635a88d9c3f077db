import { gzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import { expectAccessible } from '../support/app-page.ts'
import { browserOnly } from '../support/app-test.ts'
import { expect, test } from '../support/library-page.ts'

// In one worker, where tests that only read share apps.
test.describe.configure({ mode: 'default' })

/** Bytes of gzip that a start reads and runs before anything is on screen. The app starts with the overview. */
const limits = { '/overview': 205_000, '/library': 218_000 }

for (const [path, limit] of Object.entries(limits)) {
  test(
    `loads at most ${limit / 1_000} kB of script before ${path} is painted`,
    browserOnly('its files are read by HTTP'),
    async ({ page, library }) => {
      library.addSamples()
      await page.addInitScript(noteReady)
      await library.read(path)
      const scripts = await page.evaluate(() => {
        const [ready] = performance.getEntriesByName('ready')
        const loaded = performance.getEntriesByType('resource').filter(({ name }) => /\/assets\/.*\.js$/.test(name))
        return loaded.filter(({ startTime }) => startTime < (ready?.startTime ?? 0)).map(({ name }) => name)
      })
      const sizes = await Promise.all(
        scripts.map(async (url) => gzipSync(await (await page.request.get(url)).body()).length),
      )
      const size = sizes.reduce((sum, one) => sum + one, 0)
      expect(size).toBeGreaterThan(50_000)
      expect(size).toBeLessThanOrEqual(limit)
    },
  )
}

/** Runs in the page: notes when its first data is painted. */
function noteReady(): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('#root[data-ready]')) return
    observer.disconnect()
    performance.mark('ready')
  })
  observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-ready'] })
}

/** Holds the answers to requests for some code until `release` is called. Call it before the page opens. */
async function holdCode(page: Page, name: string): Promise<{ release: () => void }> {
  const held = Promise.withResolvers<void>()
  await page.route(new RegExp(`/assets/${name}-[^/]*\\.js$`), async (route) => {
    await held.promise
    await route.continue()
  })
  return { release: held.resolve }
}

const held = browserOnly('requests are held')
const broken = browserOnly('requests are broken')
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })
const entry = (page: Page, name: string) => page.getByRole('navigation').getByRole('link', { name })
const ready = (page: Page) => page.locator('#root[data-ready]')

test(
  'asks for the first screen before the code of the page is there, and only once',
  held,
  async ({ page, library }) => {
    const code = await holdCode(page, 'start')
    const asked: string[] = []
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const { route, input } = JSON.parse(payload.toString())
        if (route) asked.push(`${route} ${JSON.stringify(input)}`)
      }),
    )
    library.addSamples()
    const opening = library.read('/overview')
    await expect.poll(() => asked.some((request) => request.startsWith('overview.get'))).toBe(true)
    const early = [...asked]
    code.release()
    await opening
    await expect(ready(page)).toBeAttached()
    for (const request of early) expect(asked.filter((other) => other === request)).toEqual([request])
  },
)

test('marks the choice at once, and keeps the screen until the next one is there', held, async ({ page, library }) => {
  const code = await holdCode(page, 'credits-screen')
  library.addSamples()
  await library.read('/overview')
  await entry(page, '크레딧').click()
  await expect(entry(page, '크레딧')).toHaveAttribute('aria-current', 'page')
  await expect(page.getByRole('main')).toHaveAttribute('aria-busy', 'true')
  await expect(ready(page)).toHaveCount(0)
  await expect(heading(page, '한눈에 보기')).toBeVisible()
  code.release()
  await expect(heading(page, '크레딧')).toBeVisible()
  await expect(page.getByRole('main')).toBeFocused()
  await expect(ready(page)).toBeAttached()
})

test('follows the last of several choices, also back to the screen that is shown', held, async ({ page, library }) => {
  const code = await holdCode(page, 'credits-screen')
  library.addSamples()
  await library.read('/overview')
  await entry(page, '크레딧').click()
  await expect(ready(page)).toHaveCount(0)
  await page.goBack()
  await expect(ready(page)).toBeAttached()
  await expect(entry(page, '한눈에 보기')).toHaveAttribute('aria-current', 'page')
  await entry(page, '크레딧').click()
  await entry(page, '라이브러리').click()
  await expect(heading(page, '라이브러리')).toBeVisible()
  code.release()
  await entry(page, '크레딧').click()
  await expect(heading(page, '크레딧')).toBeVisible()
})

test('keeps the chosen screen although a search was typed just before', held, async ({ page, library }) => {
  const code = await holdCode(page, 'credits-screen')
  library.addSamples()
  await page.clock.install()
  await library.read('/library')
  await page.getByRole('searchbox').fill('고양이')
  await entry(page, '크레딧').click()
  // The address of the Library follows the typing after a pause.
  await page.clock.runFor(1_000)
  expect(library.address()).toBe('#/credits')
  code.release()
  await expect(heading(page, '크레딧')).toBeVisible()
})

test('opens the search by key once the Library is there', held, async ({ page, library }) => {
  const code = await holdCode(page, 'library-screen')
  library.addSamples()
  await library.read('/settings')
  await expect(heading(page, '설정')).toBeVisible()
  await page.keyboard.press('/')
  await expect(entry(page, '라이브러리')).toHaveAttribute('aria-current', 'page')
  code.release()
  await expect(page.getByRole('searchbox')).toBeFocused()
})

test(
  'keeps the focus on the account while its menu loads, and opens it by keyboard',
  held,
  async ({ page, library }) => {
    const code = await holdCode(page, 'account-menu')
    library.addSamples()
    await library.read('/overview')
    const account = page.getByRole('button', { name: '계정 메뉴' })
    await expect(account).toHaveAttribute('aria-haspopup', 'menu')
    await account.focus()
    await page.keyboard.press('ArrowDown')
    await expect(account).toBeFocused()
    code.release()
    await expect(page.getByRole('menu')).toBeVisible()
    await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('menu').locator(':focus')).toHaveCount(1)
    await page.keyboard.press('Escape')
    await expect(account).toBeFocused()
  },
)

test('opens a filter once its options are loaded, and returns the focus to it', held, async ({ page, library }) => {
  const code = await holdCode(page, 'filter-options')
  library.addSamples()
  await library.read('/library')
  const model = page.getByRole('button', { name: '모델' })
  await expect(model).toHaveAttribute('aria-haspopup', 'menu')
  await model.press('Enter')
  await expect(model).toBeFocused()
  code.release()
  await expect(page.getByRole('menuitemcheckbox').first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(model).toBeFocused()
})

test('opens the panel of a job at once, and fills it once its code is loaded', held, async ({ page, library }) => {
  const code = await holdCode(page, 'job-content')
  library.addSamples()
  await library.read('/library')
  await library.job('cat').click()
  await expect(library.panel).toHaveAttribute('data-job-id', 'cat')
  await expect(library.panel.getByRole('heading')).toHaveCount(0)
  code.release()
  await expect(library.panel.getByText('창가에 앉은 검은 고양이')).toBeVisible()
})

test('says that a job cannot be shown, and shows it after another try', broken, async ({ page, library }) => {
  const code = /\/assets\/job-content[^/]*\.js$/
  await page.route(code, (route) => route.abort())
  library.addSamples()
  await library.read('/library')
  await library.job('cat').click()
  await expect(page.getByRole('alert')).toContainText('앱의 이 부분을 불러오지 못했어요.')
  await expectAccessible(page)
  await page.unroute(code)
  await page.getByRole('button', { name: '다시 시도' }).click()
  await expect(library.panel.getByText('창가에 앉은 검은 고양이')).toBeVisible()
})

test('shows tooltips and toasts once their layers are loaded', held, async ({ page, library }) => {
  const code = await holdCode(page, 'floating-layers')
  library.addSamples()
  await library.open('/library')
  await library.job('cat').click()
  await library.panel.getByRole('button', { name: '복사' }).click()
  const close = library.panel.getByRole('button', { name: '닫기' })
  await close.hover()
  await expect(page.getByText('복사했어요')).toHaveCount(0)
  code.release()
  await expect(page.getByText('복사했어요')).toBeVisible()
  await library.panel.getByRole('button', { name: '즐겨찾기' }).hover()
  await expect(page.getByText('즐겨찾기', { exact: true })).toBeVisible()
  await close.hover()
  await expect(page.getByText('닫기', { exact: true })).toBeVisible()
  await expect(page.getByText('즐겨찾기', { exact: true })).toHaveCount(0)
})

test('says that a screen cannot be loaded, and shows it after another try', broken, async ({ page, library }) => {
  const code = /\/assets\/credits-screen[^/]*\.js$/
  await page.route(code, (route) => route.abort())
  library.addSamples()
  await library.read('/overview')
  await entry(page, '크레딧').click()
  await expect(page.getByRole('alert')).toContainText('앱의 이 부분을 불러오지 못했어요.')
  await expect(ready(page)).toBeAttached()
  await expectAccessible(page)
  await page.unroute(code)
  await page.getByRole('button', { name: '다시 시도' }).click()
  await expect(heading(page, '크레딧')).toBeVisible()
})

test('says how to go on if the app was stopped before a screen was loaded', broken, async ({ page, library }) => {
  await page.route(/\/assets\/credits-screen[^/]*\.js$/, (route) => route.abort())
  library.addSamples()
  await library.open('/overview')
  await library.close()
  await expect(page.getByText('앱이 응답하지 않아요')).toBeVisible()
  await entry(page, '크레딧').click()
  await expect(page.getByRole('alert')).toContainText('앱이 닫혀 있으면 다시 시작하고, 새로 열린 주소를 써 주세요.')
  await expect(page.getByRole('alert').getByRole('button')).toHaveCount(0)
})

test('says that a menu cannot be loaded, and opens it after another try', broken, async ({ page, library }) => {
  const code = /\/assets\/account-menu[^/]*\.js$/
  await page.route(code, (route) => route.abort())
  library.addSamples()
  await library.read('/overview')
  await page.getByRole('button', { name: '계정 메뉴' }).click()
  await expect(page.getByText('앱의 이 부분을 불러오지 못했어요.')).toBeVisible()
  await page.unroute(code)
  await page.getByRole('button', { name: '다시 시도' }).click()
  await expect(ready(page)).toBeAttached()
  await page.getByRole('button', { name: '계정 메뉴' }).click()
  await expect(page.getByRole('menu')).toBeVisible()
})
