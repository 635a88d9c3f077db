import { expect, type Page } from '@playwright/test'
import { ago, expectAccessible, expectNoSidewaysScrolling, goTo, withApp } from '../support/app-page.ts'
import { pageOnly, test } from '../support/app-test.ts'
import { exportedFile } from '../support/exported-file.ts'

const minute = 60_000
const app = withApp()

/** Adds a failed job whose credits were not refunded in time. */
function addLost(id: string, prompt: string, amount: number): void {
  const failure = { code: 'render_timeout', origin: 'system', message: null }
  const times = { createdAt: ago(90), finishedAt: ago(80) }
  app.service.addJob({ id, agent: 'agent-1', status: 'failed', failure, results: [], prompt, ...times })
  app.service.addTransaction({ id: `charge-${id}`, jobId: id, agent: 'agent-1', amount: -amount, occurredAt: ago(90) })
}
const refund = (id: string, amount: number) =>
  app.service.addTransaction({ kind: 'refund', jobId: id, agent: 'agent-1', amount, occurredAt: ago(0) })

const open = (page: Page, path: string, lang: 'ko' | 'en' | 'both') => app.open(page, { path, lang })
const lostCase = '/refunds/job%3Aagent-1%3Alost'
const newMessage = '/support/new?case=job%3Aagent-1%3Alost'

const words = {
  ko: {
    prepare: '문의 내용 만들기',
    preview: '이 내용 그대로 보내요',
    prompt: '프롬프트',
    copy: '복사',
    mail: '메일 앱에서 열기',
    long: '글이 길어서 메일 앱에 다 넣을 수 없어요',
    diary: '문의 기록',
    draft: '문의 상태: 초안',
    sent: '문의 상태: 보냄',
    answered: '답변 받음',
    resolved: '문의 상태: 해결됨',
    closed: '환불이나 결과가 확인돼서 저절로 닫혔어요.',
    noReminder: '알림 없음',
    in3: '3일 뒤에 알림',
    due: '답을 확인하기로 한 때가 지났어요',
    dueCount: '알림 1',
    dueNotice: '고객센터 답장 1건을 확인할 때예요',
    later: '3일 뒤에 다시',
    dismiss: '해결했어요',
    dismissed: /해결했다고 표시했어요/,
    favorite: '즐겨찾기',
    note: '메모',
    saveNote: '메모 저장',
    unwanted: '원하지 않는 결과예요',
    remove: '기록 지우기',
    undo: '되돌리기',
    empty: '문의한 기록이 없어요',
  },
  en: {
    prepare: 'Prepare a support request',
    preview: 'This is sent exactly as it is',
    prompt: 'Prompt',
    copy: 'Copy',
    mail: 'Open in mail app',
    long: 'The text is too long for a mail app',
    diary: 'Support diary',
    draft: 'State of the request: Draft',
    sent: 'State of the request: Sent',
    answered: 'Answered',
    resolved: 'State of the request: Resolved',
    closed: 'Closed by itself: the refund or the result arrived.',
    noReminder: 'No reminder',
    in3: 'Remind in 3 days',
    due: 'It is time to look for an answer',
    dueCount: '1 reminder',
    dueNotice: 'Time to look for 1 answer from support',
    later: 'Again in 3 days',
    dismiss: 'Mark as settled',
    dismissed: /You settled this by hand/,
    favorite: 'Favorite',
    note: 'Note',
    saveNote: 'Save note',
    unwanted: 'Not what I wanted',
    remove: 'Delete this entry',
    undo: 'Undo',
    empty: 'Nothing has been sent to support',
  },
}

for (const lang of ['ko', 'en'] as const) {
  const say = words[lang]

  test(`${lang}: writes a message with only the chosen facts and stores it in the diary`, async ({
    page,
    clipboard,
  }) => {
    addLost('lost', '노을 지는 종이학', 33)
    addLost('other', '유리로 만든 고래', 20)
    await open(page, lostCase, lang)
    await page.getByRole('article').getByRole('link', { name: say.prepare }).click()

    const preview = page.getByRole('region', { name: say.preview })
    await expect(preview).toContainText('charge-lost')
    await expect(preview).not.toContainText('종이학')
    await expect(preview).not.toContainText('charge-other')
    await page.getByRole('checkbox', { name: say.prompt, exact: true }).check()
    await expect(preview).toContainText('노을 지는 종이학')
    await page.getByRole('checkbox', { name: '유리로 만든 고래' }).check()
    await expect(preview).toContainText('charge-other')
    await page.getByRole('button', { name: '한국어', exact: true }).click()
    await expect(preview).toContainText('안녕하세요')
    await expect(preview).not.toContainText('Hello')

    await page.getByRole('button', { name: say.copy, exact: true }).click()
    await goTo(page, '/support')
    const entry = page.getByRole('article')
    await expect(entry).toHaveCount(1)
    await expect(entry.getByRole('button', { name: say.draft })).toBeVisible()
    await expect(entry.locator('a [data-job-id]')).toHaveCount(2)
    const copied = await clipboard.text()
    expect(copied).toContain('유리로 만든 고래')
    await entry.locator('summary').click()
    for (const line of copied.split('\n').filter(Boolean)) await expect(entry).toContainText(line)
  })

  test(`${lang}: hands the message to the mail program, and closes it when the refund arrives`, async ({ page }) => {
    addLost('lost', '노을 지는 종이학', 33)
    await open(page, newMessage, lang)
    await page.getByRole('button', { name: 'English', exact: true }).click()
    const mail = page.getByRole('link', { name: say.mail })
    await expect(mail).toHaveAttribute('href', /^mailto:help@carat\.im\?subject=.*&body=.*charge-lost/)
    await mail.click()
    await goTo(page, '/support')
    const entry = page.getByRole('article')
    await expect(entry.getByRole('button', { name: say.sent })).toBeVisible()

    refund('lost', 33)
    await expect(entry.getByRole('button', { name: say.resolved })).toBeVisible()
    await expect(entry.getByText(say.closed)).toBeVisible()
  })

  test(
    `${lang}: changes the state of a diary entry, reminds of it, and restores it after deletion`,
    pageOnly,
    async ({ page }) => {
      addLost('lost', '노을 지는 종이학', 33)
      await app.open(page, { path: newMessage, lang, realClock: true, pageClock: true })
      await page.getByRole('button', { name: say.copy, exact: true }).click()
      await goTo(page, '/support')
      const entry = page.getByRole('article')
      await entry.getByRole('button', { name: say.draft }).click()
      await page.getByRole('menuitem', { name: say.answered }).click()
      await expect(entry.getByRole('button', { name: say.answered })).toBeVisible()
      await entry.getByRole('button', { name: say.noReminder }).click()
      await page.getByRole('menuitem', { name: say.in3 }).click()
      await expect(entry.getByRole('button', { name: say.noReminder })).toHaveCount(0)
      await expect(entry.getByText(say.due)).toHaveCount(0)

      await entry.getByRole('button', { name: say.remove }).click()
      await expect(page.getByRole('heading', { name: say.empty })).toBeVisible()
      await page.getByRole('button', { name: say.undo }).click()
      await expect(entry.getByRole('button', { name: say.answered })).toBeVisible()

      await page.clock.fastForward(3 * 24 * 60 * minute + minute)
      await expect(entry.getByText(say.due)).toBeVisible()
      await goTo(page, '/refunds')
      const notice = page.locator('[data-tone]', { hasText: say.dueNotice })
      await expect(page.getByRole('link', { name: `${say.diary} ${say.dueCount}` })).toBeVisible()
      await notice.getByRole('button', { name: say.later }).click()
      await expect(notice).toHaveCount(0)
    },
  )

  test(
    `${lang}: removes a dismissed case from the open list, and returns it when reopened`,
    pageOnly,
    async ({ page }) => {
      addLost('lost', '노을 지는 종이학', 33)
      await open(page, lostCase, lang)
      const row = page.locator('a[data-job-id="lost"]')
      const dismiss = page.getByRole('button', { name: say.dismiss, exact: true })
      await dismiss.click()
      await expect(page.getByText(say.dismissed)).toBeVisible()
      await expect(row).toHaveCount(0)
      await page.getByRole('button', { name: say.undo }).click()
      await expect(dismiss).toBeVisible()
      await expect(row).toHaveCount(1)
    },
  )

  test(`${lang}: shows the marks of a job on its case`, pageOnly, async ({ page }) => {
    addLost('lost', '노을 지는 종이학', 33)
    await open(page, '/library/agent-1/lost', lang)
    const star = page.getByRole('button', { name: say.favorite })
    await star.click()
    await expect(star).toHaveAttribute('aria-pressed', 'true')
    await page.getByRole('checkbox', { name: say.unwanted }).click()
    await expect(page.getByRole('checkbox', { name: say.unwanted })).toBeChecked()
    await page.getByRole('textbox', { name: say.note }).fill('담당자와 통화함')
    await page.getByRole('button', { name: say.saveNote }).click()
    await expect(page.getByRole('button', { name: say.saveNote })).toHaveCount(0)
    await goTo(page, lostCase)
    await expect(page.getByRole('textbox', { name: say.note })).toHaveValue('담당자와 통화함')
    await expect(page.getByRole('checkbox', { name: say.unwanted })).toBeChecked()
  })
}

test('restores deleted entries from a backup, and exports everything', async ({ page, clipboard: _ }) => {
  addLost('lost', '노을 지는 종이학', 33)
  await open(page, newMessage, 'ko')
  await page.getByRole('button', { name: '복사', exact: true }).click()
  await expect(page.getByText('복사하고 문의 기록에 남겼어요')).toBeVisible()
  await goTo(page, '/settings')
  await page.getByRole('button', { name: '백업 만들기' }).click()
  await expect(page.getByText('백업을 만들고 확인했어요')).toBeVisible()
  const { content } = await exportedFile(page, '전체 JSON')
  expect(JSON.parse(content.toString()).support).toHaveLength(1)
  await expect(page.getByText(/기록 \d+개를 저장했어요/)).toBeVisible()
  await expectAccessible(page)

  await goTo(page, '/support')
  await page.getByRole('button', { name: words.ko.remove }).click()
  await expect(page.getByRole('heading', { name: words.ko.empty })).toBeVisible()
  await goTo(page, '/settings')
  await page.getByRole('list', { name: '백업' }).getByRole('button', { name: '되살리기' }).click()
  await expect(page.getByText('표시 0개와 문의 1건을 되살렸어요')).toBeVisible()
  await goTo(page, '/support')
  await expect(page.getByRole('article')).toHaveCount(1)
})

test('says that a text is too long for a mail program, and copies it instead', async ({ page, clipboard }) => {
  addLost('lost', '노을 지는 종이학', 33)
  await open(page, newMessage, 'ko')
  await expect(page.getByText(words.ko.long)).toBeVisible()
  const mail = page.getByRole('link', { name: words.ko.mail })
  await expect(mail).not.toHaveAttribute('href', /body=/)
  await mail.click()
  await expect(page.getByText('문의 기록에 보냄으로 남겼어요')).toBeVisible()
  expect(await clipboard.text()).toContain('charge-lost')
})

test('fits a narrow window and passes the accessibility rules', pageOnly, async ({ page }) => {
  addLost('lost', '노을 지는 한강 위를 나는 종이학, 8초, 시네마틱하고 아주 천천히', 33)
  addLost('other', '유리로 만든 고래', 20)
  await page.setViewportSize({ width: 320, height: 640 })
  await open(page, newMessage, 'both')
  await expectNoSidewaysScrolling(page)
  await expectAccessible(page)
  await page.getByRole('button', { name: /^Copy/ }).click()
  await expect(page.getByText(/Copied and kept/)).toBeVisible()
  await goTo(page, '/support')
  await expect(page.getByRole('article')).toBeVisible()
  await expectNoSidewaysScrolling(page)
  await expectAccessible(page)
})
