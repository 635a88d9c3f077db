import { ago, axeViolations } from '../support/app-page.ts'
import { pageOnly } from '../support/app-test.ts'
import { expect, test } from '../support/library-page.ts'

// In one worker, where tests that only read share apps.
test.describe.configure({ mode: 'default' })

test(
  'moves through the grid with arrow keys, opens with Enter, and restores the focus after Escape',
  pageOnly,
  async ({ page, library }) => {
    library.addSamples()
    await library.read()
    await library.job('running').focus()
    await page.keyboard.press('ArrowRight')
    expect(await library.focused()).toBe('waiting')
    await page.keyboard.press('Enter')
    await expect(library.panel).toHaveAttribute('data-job-id', 'waiting')
    expect(await library.focused()).toBe('waiting')
    await expect(library.job('waiting')).toHaveAttribute('aria-current', 'true')

    await page.keyboard.press('ArrowRight')
    await expect(library.panel).toHaveAttribute('data-job-id', 'cat')
    await page.keyboard.press('ArrowDown')
    await expect(library.panel).toHaveAttribute('data-job-id', /lost|sound/)
    await page.keyboard.press('Control+Home')
    await expect(library.panel).toHaveAttribute('data-job-id', 'running')

    await library.panel.getByRole('button', { name: '복사' }).focus()
    await page.keyboard.press('Escape')
    await expect(library.panel).toHaveCount(0)
    await expect.poll(() => library.focused()).toBe('running')
    expect(library.address()).toBe('#/library')
  },
)

test(
  'keeps an opened tile in view, and moves the focus with Tab to a tile in view',
  pageOnly,
  async ({ page, library }) => {
    library.addMany(150)
    await library.read()
    await library.job('many-1').hover()
    await page.mouse.wheel(0, 1_500)
    await expect.poll(async () => (await library.firstInView()).id).not.toBe('many-1')
    const { id, y } = await library.firstInView()
    const opened = library.job(id)
    const moved = async () => Math.abs(((await opened.boundingBox())?.y ?? 0) - y)
    await opened.click()
    await expect(library.panel).toHaveAttribute('data-job-id', id)
    // Both places are rounded to whole pixels.
    expect(await moved()).toBeLessThan(1.5)
    await page.keyboard.press('Escape')
    await expect(library.panel).toHaveCount(0)
    expect(await moved()).toBeLessThan(1.5)

    await page.reload()
    await expect(library.job('many-1')).toBeVisible()
    await library.job('many-1').hover()
    await page.mouse.wheel(0, 1_500)
    await expect.poll(async () => (await library.firstInView()).id).not.toBe('many-1')
    await page.getByRole('button', { name: '작업 상태' }).focus()
    await page.keyboard.press('Tab')
    const found = library.job((await library.focused()) ?? '')
    await expect(found).toBeInViewport({ ratio: 1 })
  },
)

test('plays a sound and seeks in it', async ({ library }) => {
  const sound = { status: 200, headers: { 'content-type': 'audio/wav' }, body: silence(60) }
  library.service.fault(/^\/sounds\//, sound, Number.POSITIVE_INFINITY)
  const results = [{ id: 's', mimeType: 'audio/wav', url: `${library.service.url}/sounds/1`, durationMs: 60_000 }]
  library.add({ id: 'sound', kind: 'audio', minutesAgo: 5, prompt: '바다 소리', results })
  await library.open('/library/agent-1/sound')
  const player = library.panel.getByRole('group', { name: '바다 소리' })
  await expect(player).toContainText('0:00 / 1:00')
  await player.getByRole('slider', { name: '재생 위치' }).fill('58')
  await expect(player).toContainText('0:58 / 1:00')
  await player.getByRole('button', { name: '재생' }).click()
  await expect(player.getByRole('button', { name: '일시정지' })).toBeVisible()
  await expect(player).toContainText('1:00 / 1:00')
  await expect(player.getByRole('button', { name: '재생' })).toBeVisible()
  await player.getByRole('slider').press('Escape')
  await expect(library.panel).toHaveCount(0)
})

/** A WAV file of the given length in seconds: 8 bit, mono, 8 kHz. */
function silence(seconds: number): Buffer {
  const file = Buffer.alloc(44 + seconds * 8_000, 128)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt32LE(0x10001, 20)
  file.writeUInt32LE(8_000, 24)
  file.writeUInt32LE(8_000, 28)
  file.writeUInt32LE(0x80001, 32)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(seconds * 8_000, 40)
  return file
}

test('returns with Back from any job to the list, and from the list to the previous screen', async ({
  page,
  library,
}) => {
  library.addSamples()
  await library.read('/overview')
  await page.getByRole('navigation').getByRole('link', { name: '라이브러리' }).click()
  await library.job('cat').click()
  await expect(library.panel).toHaveAttribute('data-job-id', 'cat')
  await library.job('dog').click()
  await expect(library.panel).toHaveAttribute('data-job-id', 'dog')
  await page.goBack()
  await expect(library.panel).toHaveCount(0)
  await page.goForward()
  await expect(library.panel).toHaveAttribute('data-job-id', 'dog')
  await library.panel.getByRole('button', { name: '닫기' }).click()
  await expect(library.panel).toHaveCount(0)
  await page.goBack()
  expect(library.address()).toBe('#/overview')
})

test('opens the job of an address with any id, and says if the job is unknown', async ({ page, library }) => {
  library.addSamples()
  await library.read(`/library/agent-2/${encodeURIComponent('a/b?100%')}`)
  await expect(library.panel).toHaveAttribute('data-job-id', 'a/b?100%')
  await expect(library.panel.getByRole('region', { name: '프롬프트' })).toContainText('예술의전당 앞 분수')
  const chat = library.panel.getByRole('link', { name: '채팅 열기' })
  await expect(chat).toHaveAttribute('href', 'https://carat.im/chat/a/b?100%')

  await library.goTo('/library/agent-1/nothing')
  await expect(library.panel.getByRole('alert')).toContainText('이 기록은 아직 이 컴퓨터에 없어요')
  await page.keyboard.press('Escape')
  await expect(library.panel).toHaveCount(0)
})

test('shortens a long prompt to three lines, expands it and copies it', async ({ page, library, clipboard: _ }) => {
  const prompt = '아주 긴 프롬프트 '.repeat(120).trim()
  library.add({ id: 'long', minutesAgo: 5, prompt })
  await library.open('/library/agent-1/long')
  const text = library.panel.getByText(prompt)
  const height = () => text.evaluate((element) => element.clientHeight)
  expect(await height()).toBe(66)
  await library.panel.getByRole('button', { name: '더 보기' }).click()
  expect(await height()).toBeGreaterThan(200)
  await library.panel.getByRole('button', { name: '접기' }).click()
  expect(await height()).toBe(66)
  await library.panel.getByRole('button', { name: '복사' }).click()
  await expect(page.getByText('복사했어요')).toBeVisible()
  await page.getByRole('searchbox').press('Control+V')
  await expect(page.getByRole('searchbox')).toHaveValue(prompt.slice(0, 200))
})

test('updates the tile and the panel when a job finishes', pageOnly, async ({ library }) => {
  library.addSamples()
  await library.open('/library/agent-2/running')
  await expect(library.panel.getByRole('heading', { name: '만들고 있어요' })).toBeVisible()
  const before = await library.job('dog').boundingBox()
  const width = (await library.job('running').boundingBox())?.width
  library.service.reviseJob('running', {
    status: 'succeeded',
    finishedAt: ago(0),
    results: [library.image('running', 600, 1200)],
  })
  await expect(library.job('running')).toHaveAttribute('data-refund-status', 'completed')
  await expect(library.job('running').locator('img')).toBeVisible()
  await expect(library.panel).toHaveAttribute('data-refund-status', 'completed')
  expect(await library.job('dog').boundingBox()).toEqual(before)
  expect((await library.job('running').boundingBox())?.width).toBe(width)
})

test('keeps and marks a removed job', pageOnly, async ({ page, library }) => {
  library.addSamples()
  await library.open()
  library.service.deleteJob('cat')
  await expect(page.getByRole('link', { name: /고양이.*Carat에 더 이상 없음/ })).toBeVisible()
  await library.job('cat').click()
  await expect(library.panel.getByText('Carat의 목록에서는 사라졌지만 여기에는 남아 있어요.')).toBeVisible()
})

for (const width of [700, 320]) {
  test(
    `shows the list, then the job, without sideways scrolling at ${width} px`,
    pageOnly,
    async ({ page, library }) => {
      await page.setViewportSize({ width, height: 700 })
      library.addMany(60)
      await library.read()
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(await overflow()).toBeLessThanOrEqual(0)
      // Away from the edges: a focused job keeps a distance from them.
      await library.job('many-2').evaluate((job) => job.scrollIntoView({ block: 'center' }))
      const seen = await library.job('many-2').boundingBox()
      await library.job('many-2').click()
      await expect(library.panel).toBeVisible()
      await expect(library.jobs).toHaveCount(0)
      expect(await overflow()).toBeLessThanOrEqual(0)
      await library.panel.getByRole('button', { name: '닫기' }).click()
      await expect.poll(() => library.focused()).toBe('many-2')
      expect(await library.job('many-2').boundingBox()).toEqual(seen)
    },
  )
}

test('passes the accessibility rules in grid, list and job, light and dark', pageOnly, async ({ page, library }) => {
  test.slow()
  library.addSamples()
  await library.open('/library/agent-1/lost')
  await expect(library.panel).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const view of ['격자로 보기', '목록으로 보기']) {
      await page.getByRole('button', { name: view }).click()
      expect(await axeViolations(page)).toEqual([])
    }
  }
})
