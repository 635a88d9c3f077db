import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { axeViolations, expectNoSidewaysScrolling } from '../support/app-page.ts'
import { pageOnly } from '../support/app-test.ts'
import { failure } from '../support/fake-service.ts'
import { expect, type LibraryPage, test } from '../support/library-page.ts'

const picture = readFileSync(join(import.meta.dirname, '../../resources/icons/icon.png'))
const always = Number.POSITIVE_INFINITY
const title = 'Carat의 파일 링크가 만료됐어요'

/** Lets the addresses of all pictures lapse: `/pictures/` answers 403, `/new/` answers with the picture. */
function lapse({ service }: LibraryPage): void {
  service.clearFaults()
  service.fault(/^\/pictures\//, failure(403, 'expired'), always)
  service.fault(/^\/new\//, { status: 200, headers: { 'content-type': 'image/png' }, body: picture }, always)
}

/** Lets the next requests for a single job answer with new addresses. */
const renew = ({ service }: LibraryPage, times = always) =>
  service.fault(isSingleJob, { body: withNewAddresses }, times)

const isSingleJob = ({ path }: { path: string }) => /^\/v1\/jobs\/many-\d+$/.test(path)
const withNewAddresses = (job: object) => JSON.parse(JSON.stringify(job).replaceAll('/pictures/', '/new/'))

const singleJobs = ({ service }: LibraryPage) => service.requests.filter(isSingleJob).map(({ path }) => path)
const loaded = (library: LibraryPage) =>
  library.jobs
    .locator('img')
    .evaluateAll((all) => (all as HTMLImageElement[]).filter((img) => img.naturalWidth > 0).length)

test('says once that the links of 2,000 jobs have lapsed, and fills the tiles in view with new ones', async ({
  page,
  library,
}) => {
  library.addMany(2_000)
  // Electron shows the Overview first, which uses up to 8 of these answers; the Library needs 4 before it can say anything.
  const answered = 12
  lapse(library)
  renew(library, answered)
  const released = Promise.withResolvers<void>()
  library.service.fault(isSingleJob, { before: () => released.promise, body: withNewAddresses }, always)
  await library.open()
  await expect.poll(() => library.jobs.count()).toBeGreaterThan(answered + 3)
  await expect(page.getByText(title)).toHaveCount(1)
  await expect(page.getByText('지금 보이는 작업부터')).toBeVisible()
  expect(singleJobs(library).length).toBeLessThanOrEqual(answered + 2)
  released.resolve()
  const tiles = await library.jobs.count()
  await expect.poll(() => loaded(library), { timeout: 60_000 }).toBeGreaterThanOrEqual(tiles - 2)
  await expect(page.getByText(title)).toHaveCount(0)
  const asked = singleJobs(library)
  expect(new Set(asked).size).toBe(asked.length)
  expect(asked.length).toBeLessThan(120)
})

test('stops asking after a few jobs without new links, and says so', pageOnly, async ({ page, library }) => {
  library.addMany(2_000)
  lapse(library)
  await library.open()
  await expect(page.getByText(title)).toHaveCount(1)
  await expect(page.getByText('조금 뒤에 저절로 다시 요청해요')).toBeVisible()
  for (let screen = 0; screen < 5; screen++) {
    await page.mouse.move(500, 400)
    await page.mouse.wheel(0, 1_500)
    await expect(library.jobs.locator('svg').first()).toBeVisible()
  }
  expect(singleJobs(library).length).toBeLessThanOrEqual(14)
  // No tile carries a mark of an error, only the icon of its kind.
  await expect(page.locator('.lucide-image-off')).toHaveCount(0)
  await expect(page.locator('a[data-job-id] .lucide-image').first()).toBeVisible()
  expect((await axeViolations(page, 'main')).map(({ id }) => id)).toEqual([])
})

test('fills the tiles by themselves after a sync brought new links', pageOnly, async ({ page, library }) => {
  library.addMany(6)
  lapse(library)
  await library.open()
  await expect(page.getByText(title)).toBeVisible()
  for (let number = 1; number <= 6; number++) {
    const id = `many-${number}`
    library.service.reviseJob(id, { results: [{ ...library.image(id), url: `${library.service.url}/new/${id}` }] })
  }
  await expect.poll(() => loaded(library)).toBe(6)
  await expect(page.getByText(title)).toHaveCount(0)
})

test('says in the open job that its link has lapsed, and shows the file once there is a new one', async ({
  page,
  library,
}) => {
  library.addMany(1)
  lapse(library)
  const first = library.service.hold(isSingleJob)
  await library.open('/library/agent-1/many-1')
  await first.asked
  await expect(library.panel.getByText('새 링크를 받고 있어요')).toBeVisible()
  // A single missing picture needs no notice above the list.
  await expect(page.getByText(title)).toHaveCount(0)
  first.release()
  await expect(library.panel.getByText('새 링크도 받지 못했어요')).toBeVisible()
  const result = { ...library.image('many-1'), url: `${library.service.url}/new/many-1` }
  library.service.reviseJob('many-1', { results: [result] })
  await expect(library.panel.getByText('링크가 만료됐')).toHaveCount(0)
  await expect
    .poll(() =>
      library.panel
        .locator('img')
        .last()
        .evaluate((img: HTMLImageElement) => img.naturalWidth),
    )
    .toBeGreaterThan(0)
})

for (const lang of ['ko', 'en'] as const) {
  test(`fits the notice into 420 pixels in ${lang}`, pageOnly, async ({ page, library }) => {
    await page.setViewportSize({ width: 420, height: 800 })
    library.addMany(40)
    lapse(library)
    await library.open('/library', lang)
    await expect(page.getByText(lang === 'ko' ? title : 'Carat’s links to these files have expired')).toBeVisible()
    await expectNoSidewaysScrolling(page)
  })
}
