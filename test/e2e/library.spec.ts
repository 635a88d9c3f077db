import { devToolsOf } from '../support/app-test.ts'
import { expect, test } from '../support/library-page.ts'

// In one worker, where tests that only read share apps.
test.describe.configure({ mode: 'default' })

const words = {
  ko: {
    today: '오늘 1. 28. 수요일',
    total: '7개 · 최신순',
    image: '이미지 5',
    refundStatus: '환불 상태',
    missing: '환불 내역 없음 1',
    chosen: '환불 상태: 환불 내역 없음',
    clear: '환불 상태 필터 지우기',
    name: '노을 지는 종이학, 이미지, 결과 0개, 환불 내역 없음, 에이전트 1.0, 어제 21:00',
    tile: ['환불 내역 없음', '생성 실패', '33 크레딧의 환불 내역이 없어요'],
    verdict: '환불 내역이 없어요',
    events: [
      '요청 21:00:00',
      '차감 21:00:00−33',
      '만들기 시작 21:00:00',
      '실패 21:03:00',
      '환불 기한 21:13:00 · 23시간 47분 지남',
    ],
    ledger: '크레딧 내역 1건 보기',
  },
  en: {
    today: 'Today Wednesday, Jan 28',
    total: '7 · newest first',
    image: 'Image 5',
    refundStatus: 'Refund status',
    missing: 'Refund not found 1',
    chosen: 'Refund status: Refund not found',
    clear: 'Clear filter: Refund status',
    name: '노을 지는 종이학, Image, 0 results, Refund not found, Agent 1.0, Yesterday 21:00',
    tile: ['Refund not found', 'Generation failed', 'No refund of 33 credits found'],
    verdict: 'We can’t find the refund',
    events: [
      'Asked 21:00:00',
      'Charged 21:00:00−33',
      'Started 21:00:00',
      'Failed 21:03:00',
      'Refund due 21:13:00 · 23h 47m overdue',
    ],
    ledger: 'See 1 ledger entry',
  },
}

for (const lang of ['ko', 'en'] as const) {
  const text = words[lang]

  test(`${lang}: shows the jobs of both agents by day with the status of each charge`, async ({ page, library }) => {
    library.addSamples()
    await library.read('/library', lang)
    await expect(page.getByRole('heading', { name: text.today })).toBeVisible()
    await expect(page.getByText(text.total, { exact: true }).last()).toBeVisible()
    expect(await library.ids()).toEqual(['running', 'waiting', 'cat', 'lost', 'sound', 'dog', 'a/b?100%'])
    for (const agent of await library.jobs.all()) await expect(agent).toContainText(/1\.0|2\.0/)

    const lost = page.getByRole('link', { name: text.name })
    await expect(lost).toHaveAttribute('data-refund-status', 'refund_missing')
    for (const line of text.tile) await expect(lost).toContainText(line)

    await lost.click()
    await expect(library.panel).toHaveAttribute('data-job-id', 'lost')
    await expect(library.panel.getByRole('heading', { name: text.verdict })).toBeVisible()
    await expect(library.panel.getByRole('listitem')).toHaveText(text.events)
    await expect(library.panel.getByRole('link', { name: /채팅 열기|Open chat/ })).toHaveCount(0)
    await library.panel.getByRole('link', { name: text.ledger }).click()
    expect(library.address()).toBe('#/credits?row=charge-lost')
  })

  test(`${lang}: filters jobs, updates the counts and keeps the filters in the address`, async ({ page, library }) => {
    library.addSamples()
    await library.read('/library', lang)
    await page.getByRole('button', { name: text.image, exact: true }).click()
    await expect(library.jobs).toHaveCount(5)
    expect(library.address()).toBe('#/library?kind=image')

    await page.getByRole('button', { name: text.refundStatus, exact: true }).click()
    await page.getByRole('menuitemcheckbox', { name: text.missing }).click()
    await expect(library.jobs).toHaveCount(1)
    expect(library.address()).toBe('#/library?kind=image&status=refund_missing')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: text.chosen })).toBeVisible()
    await page.getByRole('button', { name: text.clear }).click()
    await expect(library.jobs).toHaveCount(5)
    await page.goBack()
    await expect(library.jobs).toHaveCount(1)
  })
}

test('filters by agent, period and model, and by the filters of an address', async ({ page, library }) => {
  library.addSamples()
  await library.read('/library?status=refund_pending&status=in_progress')
  await expect(library.jobs).toHaveCount(2)
  await page.getByRole('button', { name: '에이전트 1.0' }).click()
  await expect(library.jobs).toHaveCount(1)
  expect(await library.ids()).toEqual(['waiting'])
  await page.getByRole('button', { name: '환불 상태 필터 지우기' }).click()
  await expect(library.jobs).toHaveCount(4 - 1)
  await page.getByRole('button', { name: '모든 에이전트' }).click()
  await page.getByRole('button', { name: '기간' }).click()
  await page.getByRole('menuitemradio', { name: '오늘' }).click()
  await expect(library.jobs).toHaveCount(3)
  expect(library.address()).toBe('#/library?days=1')

  await library.goTo('/library')
  await page.getByRole('button', { name: '모델' }).click()
  await expect(page.getByRole('menuitemcheckbox')).toHaveText(['Z Image5', 'Seedance 2.0' + '1', 'Seedream 4.01'])
  await page.getByRole('menuitemcheckbox', { name: 'Seedream 4.0' }).click()
  await expect(library.jobs).toHaveCount(1)
  expect(library.address()).toBe('#/library?model=Seedream+4.0')
})

test('searches while the user types: half a syllable, initial consonants, the wrong keyboard', async ({
  page,
  library,
}) => {
  library.addSamples()
  await library.read()
  const field = page.getByRole('searchbox')
  const marks = (id: string) => library.job(id).locator('mark')
  await field.fill('고야')
  await expect(library.jobs).toHaveCount(1)
  await expect(marks('cat')).toHaveText(['고양'])
  await expect.poll(library.address).toBe('#/library?text=고야')

  await field.fill('ㅈㄷ')
  await expect(library.jobs).toHaveCount(1)
  await expect(marks('a/b?100%')).toHaveText(['전당'])

  await field.fill('CINE dog')
  await expect(marks('dog')).toHaveText(['dog', 'cine'])

  await field.fill('rhdiddl')
  await page.getByRole('button', { name: '‘고양이’ 검색하기' }).click()
  await expect(library.jobs).toHaveCount(1)
  await expect(field).toHaveValue('고양이')
  await field.press('Escape')
  await expect(library.jobs).toHaveCount(7)
  await expect.poll(library.address).toBe('#/library')
})

test('shows the results of a key first, and their pictures and counts once no other key follows', async ({
  page,
  library,
}) => {
  library.addMany(60)
  await library.open()
  await expect(page.getByText('60개 · 최신순').last()).toBeVisible()
  const pictures = library.jobs.locator('img')
  await expect(pictures.first()).toBeVisible()
  // Ends every wait of the page only when the test says so.
  const waits = await page.evaluateHandle(() => {
    const held: (() => void)[] = []
    const start = window.setTimeout.bind(window)
    window.setTimeout = ((task: () => void, ms = 0) => (ms >= 100 ? held.push(task) : start(task, ms))) as never
    return held
  })
  await page.getByRole('searchbox').fill('풍경 4')
  await expect(library.job('many-4').locator('mark').first()).toBeVisible()
  await expect(library.job('many-3')).toHaveCount(0)
  expect(await library.job('many-49').locator('img').count()).toBe(0)
  await expect(page.getByText('60개 · 최신순').last()).toBeVisible()
  await waits.evaluate((held) => {
    for (const task of held) task()
  })
  await expect(library.job('many-49').locator('img')).toHaveCount(1)
  await expect(page.getByText('15개 · 최신순').last()).toBeVisible()
})

test('keeps the scroll anchor of the history while a search is shown', async ({ page, library }) => {
  library.addMany(300)
  await library.read()
  await library.job('many-1').hover()
  await page.mouse.wheel(0, 2_400)
  await expect.poll(async () => (await library.firstInView()).id).not.toBe('many-1')
  const seen = await library.firstInView()
  await page.getByRole('searchbox').fill('풍경 7')
  await expect(library.job('many-7').locator('mark').first()).toBeVisible()
  await page.getByRole('searchbox').press('Escape')
  await expect.poll(library.firstInView).toEqual(seen)
})

test('returns to the search with Back if a job was opened right after typing', async ({ page, library }) => {
  library.addSamples()
  await library.read()
  await page.getByRole('searchbox').fill('고야')
  await library.job('cat').click()
  await expect(library.panel).toHaveAttribute('data-job-id', 'cat')
  await page.goBack()
  await expect(library.panel).toHaveCount(0)
  await expect(page.getByRole('searchbox')).toHaveValue('고야')
  await expect(library.jobs).toHaveCount(1)
})

test('focuses the search by the key of the slash while an input method is in Hangul mode', async ({
  page,
  library,
}) => {
  library.addSamples()
  await library.read()
  await expect(library.jobs).toHaveCount(7)
  await page.evaluate(() => {
    const init = { key: 'Process', code: 'Slash', keyCode: 229, bubbles: true, cancelable: true }
    document.body.dispatchEvent(new KeyboardEvent('keydown', init))
  })
  await expect(page.getByRole('searchbox')).toBeFocused()
  await expect(page.getByRole('searchbox')).toHaveValue('')
})

test('searches for a syllable under composition and keeps the list on screen meanwhile', async ({ page, library }) => {
  library.addSamples()
  await library.read()
  await expect(library.jobs).toHaveCount(7)
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox')).toBeFocused()
  const keyboard = await devToolsOf(page)
  for (const syllable of ['ㄱ', '고']) {
    await keyboard.send('Input.imeSetComposition', { text: syllable, selectionStart: 1, selectionEnd: 1 })
  }
  await expect(page.getByRole('searchbox')).toHaveValue('고')
  await expect(library.jobs).toHaveCount(1)
  await keyboard.send('Input.insertText', { text: '고양이' })
  await expect(page.getByRole('searchbox')).toHaveValue('고양이')
  await expect(library.job('cat').locator('mark')).toHaveText(['고양이'])
})

for (const [id, prompt, typed] of [
  ['chicken', '닭 그림', ['ㄷ', '다', '달', '닭']],
  ['fruit', '바구니 속 과일', ['ㄱ', '고', '과', '광', '과이', '과일']],
] as const) {
  test(`never loses a job while ${typed.at(-1)} is typed key by key`, async ({ page, library }) => {
    library.add({ id, minutesAgo: 90, prompt })
    library.add({ id: 'street', minutesAgo: 95, prompt: '비 오는 도시 거리' })
    await library.open()
    await expect(library.jobs).toHaveCount(2)
    await page.getByRole('searchbox').focus()
    const wasLost = await page.evaluateHandle((id) => {
      const lost = { count: 0 }
      const look = () => {
        if (!document.querySelector(`a[data-job-id="${id}"]`)) lost.count++
      }
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
      return lost
    }, id)
    const keyboard = await devToolsOf(page)
    for (const text of typed) {
      const { length } = text
      await keyboard.send('Input.imeSetComposition', { text, selectionStart: length, selectionEnd: length })
      await expect.poll(library.address).toContain(`text=${text}`)
      await expect(library.job(id).locator('mark').first()).toBeVisible()
    }
    await keyboard.send('Input.insertText', { text: typed.at(-1) as string })
    await expect(library.jobs).toHaveCount(1)
    await expect(library.job(id).locator('mark')).toHaveText([typed.at(-1) as string])
    expect(await wasLost.evaluate(({ count }) => count)).toBe(0)
  })
}

test('shows a lower bound for the count of a search with over 1,000 hits, and keeps every filter enabled', async ({
  page,
  library,
}) => {
  library.addMany(1_001)
  await library.read('/library?text=풍경')
  await expect(page.getByText('1,000개 이상 · 최신순').last()).toBeVisible()
  await expect(page.getByRole('button', { name: '이미지 1,000+' })).toBeEnabled()
  await expect(page.getByRole('button', { name: '자막', exact: true })).toBeEnabled()
  await page.getByRole('searchbox').fill('풍경 1001')
  await expect(page.getByText('1개 · 최신순').last()).toBeVisible()
  await expect(page.getByRole('button', { name: '자막 0' })).toBeDisabled()
})

test('loads more search results while the user scrolls', async ({ page, library }) => {
  library.addMany(330)
  await library.read('/library?text=풍경')
  await library.job('many-1').hover()
  await expect(async () => {
    await page.mouse.wheel(0, 4_000)
    await expect(library.job('many-330')).toBeVisible({ timeout: 100 })
  }).toPass({ intervals: [50] })
  await expect(library.job('many-1')).toHaveCount(0)
})

test('lists jobs that differ only in spaces after the exact matches of a search', async ({ page, library }) => {
  const day = 24 * 60
  for (const [id, prompt, minutesAgo] of [
    ['exact-1', '벚꽃야경', 10],
    ['exact-2', '벚꽃야경 사진', day],
    ['spaced-1', '벚꽃 야경', 20],
    ['spaced-2', '밤의 벚꽃 야경', day + 1],
    ['other', '꽃 야경', 30],
  ] as const) {
    library.add({ id, prompt, minutesAgo })
  }
  await library.open()
  await page.getByRole('searchbox').fill('벚꽃야경')
  const ids = () => library.jobs.evaluateAll((jobs) => jobs.map((job) => job.getAttribute('data-job-id')))
  await expect.poll(ids).toEqual(['exact-1', 'exact-2', 'spaced-1', 'spaced-2'])
  await expect(page.getByText('띄어쓰기만 다른 것이 이어져요')).toBeVisible()
  await expect(page.getByText('1. 27. 화요일')).toHaveCount(2)
  await page.getByRole('searchbox').fill('꽃 야경')
  await expect.poll(ids).toEqual(['exact-1', 'spaced-1', 'other', 'exact-2', 'spaced-2'])
  await expect(page.getByText('띄어쓰기만 다른 것이 이어져요')).toHaveCount(0)
})

test('keeps the viewport still when new jobs arrive above it', async ({ page, library }) => {
  library.addMany(120)
  await library.open()
  await library.job('many-1').hover()
  await page.mouse.wheel(0, 1_200)
  await expect.poll(async () => (await library.firstInView()).id).not.toBe('many-1')
  const seen = await library.firstInView()

  for (const number of [1, 2, 3]) library.add({ id: `new-${number}`, minutesAgo: 4 - number, prompt: '방금' })
  const bar = page.getByRole('button', { name: '새 결과 3개' })
  await expect(bar).toBeVisible()
  expect(await library.firstInView()).toEqual(seen)
  await bar.click()
  await expect(library.job('new-3')).toBeInViewport()
  await expect(bar).toHaveCount(0)
})

test('remembers the chosen view', async ({ page, library }) => {
  library.addSamples()
  await library.open()
  await page.getByRole('button', { name: '목록으로 보기' }).click()
  await expect(library.job('dog')).toContainText('A dog in the rain, cinematic')
  await page.reload()
  await expect(page.getByRole('button', { name: '목록으로 보기' })).toHaveAttribute('aria-pressed', 'true')
})
