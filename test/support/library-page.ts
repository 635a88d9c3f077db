/** The Library in a real browser on a real host, with an account of a few jobs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { ago, goTo, openApp, showToRead } from './app-page.ts'
import { test as base } from './app-test.ts'
import { createFakeService, type FakeService } from './fake-service.ts'
import type { Host } from './host.ts'
import { isKept } from './kept-app.ts'

const day = 24 * 60
const picture = readFileSync(join(import.meta.dirname, '../../resources/icons/icon.png'))

type Job = Parameters<FakeService['addJob']>[0] & { id: string; minutesAgo: number; amount?: number }
export type LibraryPage = ReturnType<typeof libraryPage>

export { expect }
export const test = base.extend<{ library: LibraryPage }>({
  async library({ page }, use) {
    const service = await createFakeService()
    const answer = { status: 200, headers: { 'content-type': 'image/png' }, body: picture }
    service.fault(/^\/pictures\//, answer, Number.POSITIVE_INFINITY)
    const library = libraryPage(page, service)
    await use(library)
    await library.close()
  },
})

function libraryPage(page: Page, ownService: FakeService) {
  let service = ownService
  let host: Host | undefined

  const image = (id: string, width = 1200, height = 800) => ({
    id: `${id}-result`,
    mimeType: 'image/png',
    url: `${service.url}/pictures/${id}.png`,
    width,
    height,
  })

  /** Adds a job with its charge: a delivered image by default. The refund grace is 10 minutes. */
  function add({ amount = 10, minutesAgo, ...partial }: Job): void {
    const at = ago(minutesAgo)
    const job = service.addJob({
      chatUrl: `https://carat.im/chat/${partial.id}`,
      createdAt: at,
      finishedAt: at,
      results: [image(partial.id)],
      ...partial,
    })
    const charge = { id: `charge-${job.id}`, jobId: job.id, agent: job.agent, amount: -amount, occurredAt: at }
    service.addTransaction(charge)
  }

  /** Adds a job of each appearance, over four days. */
  function addSamples(): void {
    const failed = { status: 'failed', failure: { code: 'timeout', origin: 'system', message: null }, results: [] }
    const running = { kind: 'video', model: 'Seedance 2.0', status: 'running', finishedAt: null, results: [] }
    const sound = [{ id: 's', mimeType: 'audio/wav', url: `${service.url}/none`, durationMs: 22_000 }]
    const lost = { ...failed, amount: 33, finishedAt: ago(day - 3), chatUrl: null }
    add({ id: 'running', agent: 'agent-2', ...running, minutesAgo: 3, prompt: '눈 내리는 한옥 마당' })
    add({ id: 'waiting', ...failed, amount: 33, minutesAgo: 6, finishedAt: ago(5), prompt: '파도에 밀려온 유리병' })
    add({ id: 'cat', agent: 'agent-2', minutesAgo: 60, prompt: '창가에 앉은 검은 고양이', chatTitle: '고양이 연작' })
    add({ id: 'lost', ...lost, minutesAgo: day, prompt: '노을 지는 종이학' })
    add({ id: 'sound', agent: 'agent-2', kind: 'audio', minutesAgo: day + 120, prompt: '바다 소리', results: sound })
    add({ id: 'dog', minutesAgo: 2 * day, prompt: 'A dog in the rain, cinematic', model: 'Seedream 4.0' })
    add({ id: 'a/b?100%', agent: 'agent-2', minutesAgo: 3 * day, prompt: '예술의전당 앞 분수' })
  }

  /** Adds delivered images `many-1` and so on, `every` minutes apart. */
  function addMany(count: number, every = 37): void {
    for (let number = 1; number <= count; number++) {
      const id = `many-${number}`
      const results = [image(id, [900, 1200, 1600][number % 3], 900)]
      const agent = number % 3 ? 'agent-1' : 'agent-2'
      add({ id, agent, minutesAgo: 100 + number * every, prompt: `풍경 ${number}`, results })
    }
  }

  async function open(path = '/library', lang: 'ko' | 'en' = 'ko'): Promise<void> {
    host = await openApp(page, service, { path, lang })
  }

  /** Opens the app for a test that only reads; see `TestApp`. */
  async function read(path = '/library', lang: 'ko' | 'en' = 'ko'): Promise<void> {
    ;({ service, host } = await showToRead(page, service, { path, lang }))
  }

  async function close(): Promise<void> {
    if (isKept(host)) return
    await host?.stop()
    await service.close()
  }

  const firstInView = async () => {
    const found = await page.waitForFunction(() => {
      const below = (tile: Element) => tile.getBoundingClientRect().top >= 190
      const first = [...document.querySelectorAll<HTMLElement>('a[data-job-id]')].find(below)
      return first && { id: first.dataset.jobId ?? '', y: Math.round(first.getBoundingClientRect().top) }
    })
    return (await found.jsonValue()) ?? { id: '', y: 0 }
  }

  return {
    get service() {
      return service
    },
    image,
    add,
    addSamples,
    addMany,
    open,
    read,
    goTo: (path: string) => goTo(page, path),
    close,
    /** The host of the open app. */
    host(): Host {
      if (!host) throw new Error('The app is not open')
      return host
    },
    get jobs() {
      return page.getByRole('list').locator('a[data-job-id]')
    },
    job: (id: string) => page.locator(`a[data-job-id="${id}"]`),
    /** The open job. */
    get panel() {
      return page.getByRole('complementary')
    },
    ids: () =>
      page
        .getByRole('list')
        .locator('a[data-job-id]')
        .evaluateAll((all) => all.map((tile) => tile.getAttribute('data-job-id'))),
    address: () => decodeURIComponent(new URL(page.url()).hash),
    /** The job whose tile has the focus. */
    focused: () => page.evaluate(() => document.activeElement?.getAttribute('data-job-id')),
    /** The x of the scroll bar, the top and length of the track of its thumb's centre, and the scrolled share. */
    scrollBar: () =>
      page.getByRole('list', { name: '작업 목록' }).evaluate((list) => {
        let scroller = list as Element
        while (!/auto|scroll/.test(getComputedStyle(scroller).overflowY)) scroller = scroller.parentElement as Element
        const { left, right, top, height } = scroller.getBoundingClientRect()
        const x = (left + scroller.clientWidth + right) / 2
        const share = scroller.scrollTop / (scroller.scrollHeight - scroller.clientHeight)
        // Half a thumb and an arrow button are before and after the track.
        return { x, top: top + 24, length: height - 48, share }
      }),
    /** The number in the id of the first job in view. */
    numberInView: async () => Number((await firstInView()).id.split('-')[1]),
    /** The first job below the sticky headings and its y, as soon as there is one. */
    firstInView,
  }
}
