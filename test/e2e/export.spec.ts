import { expect, type Page, type WebSocketRoute } from '@playwright/test'
import { readXlsx } from 'hucre/xlsx'
import type { ErrorCode } from '../../src/shared/errors.ts'
import {
  ago,
  cannotBreakRoutes,
  expectAccessible,
  expectNoSidewaysScrolling,
  goTo,
  withApp,
} from '../support/app-page.ts'
import { isElectron, test } from '../support/app-test.ts'
import { exportedFile } from '../support/exported-file.ts'

const app = withApp('/settings')

const words = {
  ko: {
    csv: '사용 내역 CSV',
    xlsx: '전체 Excel',
    json: '전체 JSON',
    file: (kind: string) => `Carat ${kind === 'csv' ? '사용 내역' : '전체 기록'} 2026-01-28.${kind}`,
    saved: /기록 2개를 저장했어요\./,
    downloaded: /기록 2개를 저장했어요\. 브라우저가 ‘Carat 사용 내역 2026-01-28\.csv’ 파일로 저장해요\./,
    sheets: ['작업', '사용 내역', '환불', '표시', '문의 기록'],
    heading: '거래 ID',
    exporting: '내보내고 있어요. 지금까지 1,500개를 썼어요.',
    cancel: '취소',
    full: /남은 공간이 없어요/,
    open: /Excel 같은 다른 프로그램에 열려 있어서/,
    denied: /쓸 권한이 없어요/,
  },
  en: {
    csv: 'Credit history, CSV',
    xlsx: 'Everything, Excel',
    json: 'Everything, JSON',
    file: (kind: string) => `Carat ${kind === 'csv' ? 'credit history' : 'records'} 2026-01-28.${kind}`,
    saved: /2 records written\./,
    downloaded: /2 records written\. Your browser saves it as “Carat credit history 2026-01-28\.csv”\./,
    sheets: ['Jobs', 'Credit history', 'Refunds', 'Marks', 'Support messages'],
    heading: 'Transaction ID',
    exporting: 'Exporting: 1,500 records so far.',
    cancel: 'Cancel',
    full: /There is no space left/,
    open: /open in another program, such as Excel/,
    denied: /You may not write to/,
  },
}

/** Answers the exports of the page in place of the host. Call it before the page opens. */
async function withExports(page: Page, answer: (send: (frame: object) => void, id: number) => void) {
  const cancelled: unknown[] = []
  await page.routeWebSocket(/\/socket$/, (socket: WebSocketRoute) => {
    const host = socket.connectToServer()
    const send = (frame: object) => socket.send(JSON.stringify(frame))
    let running = 0
    socket.onMessage((message) => {
      const { id, route } = JSON.parse(String(message))
      if (route === 'export.write') {
        running = id
        answer(send, id)
      } else if (route === 'export.cancel') {
        cancelled.push(route)
        send({ id, envelope: { ok: true, data: null } })
        send({ id: running, envelope: { ok: true, data: null } })
      } else host.send(message)
    })
  })
  return cancelled
}

for (const lang of ['ko', 'en'] as const) {
  const say = words[lang]

  test(`saves the ledger, a workbook and JSON, and finds their ids in the app, in ${lang}`, async ({ page }) => {
    app.service.addTransaction({ id: '7301234567890123456', amount: -33, memo: '-33 크레딧', occurredAt: ago(60) })
    app.service.addTransaction({ id: '007', amount: -5, occurredAt: ago(50) })
    await app.open(page, { lang })
    const csv = await exportedFile(page, say.csv)
    expect(csv.name).toBe(say.file('csv'))
    expect(csv.content.toString()).toMatch(/^\uFEFFtransactionId,[\s\S]*\r\n'007,[\s\S]*\r\n'7301234567890123456,/)
    await expect(page.getByText(isElectron(page) ? say.saved : say.downloaded)).toBeVisible()
    await expectAccessible(page)

    const workbook = await exportedFile(page, say.xlsx)
    expect(workbook.name).toBe(say.file('xlsx'))
    const { sheets } = await readXlsx(workbook.content)
    expect(sheets.map((sheet) => sheet.name)).toEqual(say.sheets)
    const ledger = sheets[1]?.rows ?? []
    expect(ledger.map((row) => row[0])).toEqual([say.heading, '007', '7301234567890123456'])

    const json = await exportedFile(page, say.json)
    expect(json.name).toBe(say.file('json'))
    expect(JSON.parse(json.content.toString()).credits).toHaveLength(2)

    await goTo(page, '/credits')
    await page.getByRole('searchbox').fill("'7301234567890123456")
    await expect(page.locator('[data-transaction-id]')).toHaveCount(1)
    await expect(page.locator('[data-transaction-id="7301234567890123456"]')).toBeVisible()
  })

  test(`shows the progress of an export and cancels it, in ${lang}`, cannotBreakRoutes, async ({ page }) => {
    const cancelled = await withExports(page, (send) =>
      send({ event: { sequence: 0, type: 'export', records: 1_500 } }),
    )
    await app.open(page, { lang })
    await page.getByRole('button', { name: say.xlsx }).click()
    await expect(page.getByText(say.exporting)).toBeVisible()
    await expect(page.getByRole('button', { name: say.csv })).toBeDisabled()
    await expectAccessible(page)
    await page.getByRole('button', { name: say.cancel }).click()
    await expect(page.getByText(say.exporting)).toHaveCount(0)
    await expect(page.getByRole('button', { name: say.csv })).toBeEnabled()
    expect(cancelled).toHaveLength(1)
  })

  for (const [code, sentence] of [
    ['disk_full', say.full],
    ['file_in_use', say.open],
    ['file_not_permitted', say.denied],
  ] as const satisfies [ErrorCode, RegExp][]) {
    test(`explains ${code} in ${lang}`, cannotBreakRoutes, async ({ page }) => {
      const error = { code, params: { path: 'C:\\Users\\하늘\\Documents\\Carat 전체 기록 2026-01-28.xlsx' } }
      await withExports(page, (send, id) => send({ id, envelope: { ok: false, error } }))
      await page.setViewportSize({ width: 360, height: 700 })
      await app.open(page, { lang })
      await page.getByRole('button', { name: say.xlsx }).click()
      await expect(page.getByRole('alert').getByText(sentence)).toBeVisible()
      await expectNoSidewaysScrolling(page)
    })
  }
}
