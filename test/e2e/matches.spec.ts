import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { addFolder, finishScan, saveFiles } from '../../src/core/folders/batches.ts'
import { createImportedAccount } from '../../src/core/store/accounts/accounts.ts'
import { openStore } from '../../src/core/store/store.ts'
import { expectAccessible, goTo, hostTime, openApp } from '../support/app-page.ts'
import { test } from '../support/app-test.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import { makeFile } from '../support/folders.ts'
import type { Host } from '../support/host.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'
import { png } from '../support/media-server.ts'

const minute = 60_000
/** 28 January 2026, 14:21 in Seoul. */
const at = Date.UTC(2026, 0, 28, 5, 21)
const name = 'imp:second:1769577660000:charge:image:-33:1'

let service: FakeService
let folder: ReturnType<typeof temporaryFolder>
let host: Host | undefined

/** Two equal charges with two pictures between them, and one that was saved a day later. */
function addHistory(): void {
  const results = join(folder.path, 'results')
  mkdirSync(results)
  const store = openStore(join(folder.path, 'data'))
  const account = createImportedAccount(store.writer, hostTime)
  const charges = [at, at + 20_000].map((occurredAt) => makeImported({ occurredAt, precision: 'second' }))
  addTable(store.writer, account, makeTable(charges), hostTime)
  const batch = addFolder(store.writer, account, { path: results, agent: 'agent-2', copied: false }, hostTime)
  const files = (['벚꽃.png', '여우.png', '등대.png'] as const).map((path, index) => {
    writeFileSync(join(results, path), png)
    const { size, mtimeMs } = statSync(join(results, path))
    const made = { madeAt: at + minute + index * 22_000, evidence: 'embedded' } as const
    const saved = { madeAt: at + 1_440 * minute, evidence: 'saved' } as const
    return makeFile(path, { bytes: size, modifiedAt: Math.floor(mtimeMs), content: index < 2 ? made : saved })
  })
  saveFiles(store.writer, batch, files, hostTime)
  finishScan(store.writer, batch, { found: [], missing: [] }, 'complete', hostTime)
  store.close()
}

test.beforeEach(async () => {
  service = await createFakeService()
  folder = temporaryFolder()
  addHistory()
})
test.afterEach(async () => {
  await host?.stop()
  await service.close()
  folder.remove()
})

const open = async (page: Page, lang: 'ko' | 'en') => {
  host = await openApp(page, service, { path: '/overview', lang, dataDir: join(folder.path, 'data') })
  await page.getByRole('button', { name: /계정 메뉴|Account menu/ }).click()
  await page.getByRole('menuitemradio', { name: /내 사용 내역|My history/ }).click()
  await goTo(page, `/refunds/charge:${name}`)
}

const words = {
  ko: {
    title: '이 차감의 결과일 수 있는 파일',
    decided: '이 차감의 결과',
    percent: /이 결과일 확률 \d\d%/,
    delivered: /결과가 나왔을 확률 \d\d%/,
    accept: '맞아요 벚꽃.png',
    refuse: '아니에요 벚꽃.png',
    confirmed: '직접 확인했어요',
    verdict: '결과가 나왔어요',
    proof: '결과 1개가 맞다고 직접 확인했어요',
  },
  en: {
    title: 'What may belong to this charge',
    decided: 'What belongs to this charge',
    percent: /\d\d% likely: this result/,
    delivered: /\d\d% likely: something was delivered/,
    accept: 'Accept 벚꽃.png',
    refuse: 'Not this 벚꽃.png',
    confirmed: 'You confirmed this',
    verdict: 'The result was delivered',
    proof: 'You confirmed its result',
  },
} as const

test('lists the charges with results to confirm, from the Overview on, and drops what is decided', async ({ page }) => {
  await open(page, 'ko')
  await goTo(page, '/overview')
  await page.getByRole('link', { name: '결과를 확인할 차감 2건' }).click()
  const list = page.getByRole('region', { name: '환불 건' })
  await expect(list.getByRole('button', { name: /결과 확인/, pressed: true })).toBeVisible()
  await expect(list.locator('[data-refund-status]')).toHaveCount(2)
  await expectAccessible(page)
  const section = page.getByRole('region', { name: words.ko.title })
  await section
    .getByRole('button', { name: /맞아요/ })
    .first()
    .click()
  await expect(list.locator('[data-refund-status]')).toHaveCount(1)
  await section
    .getByRole('button', { name: /맞아요/ })
    .first()
    .click()
  await expect(list.getByText('확인할 결과가 없어요')).toBeVisible()
})

for (const lang of ['ko', 'en'] as const) {
  test(`offers what may belong to a charge, and keeps the answer, in ${lang}`, async ({ page }) => {
    await open(page, lang)
    const said = words[lang]
    const section = page.getByRole('region', { name: said.title })
    await expect(section.getByText(said.delivered)).toBeVisible()
    await expect(section.getByText(said.percent).first()).toBeVisible()
    await expectAccessible(page)

    await section.getByRole('button', { name: said.accept }).focus()
    await page.keyboard.press('Enter')
    const decided = page.getByRole('region', { name: said.decided, exact: true })
    await expect(decided.getByText(said.confirmed)).toBeVisible()
    await expect(decided.getByRole('heading', { name: said.decided })).toBeFocused()
    await expect(page.getByRole('article').getByText(said.verdict).first()).toBeVisible()
    await expect(page.getByText(said.proof)).toBeVisible()

    await decided.getByRole('button', { name: said.refuse }).click()
    await expect(section.getByRole('button').first()).toBeVisible()
    await expect(section.getByRole('button', { name: said.accept })).toBeHidden()
  })
}
