/** What a user does in a minute of the soak. */
import locale from '../../resources/locales/ko.json' with { type: 'json' }
import type { BarePage } from './bare-page.ts'

const screens = ['overview', 'credits', 'refunds', 'help', 'support', 'import', 'settings']
const words = ['고양이', '서울', 'ㄱㅇㅇ', 'video', '봄']
/** The kinds that are played, as a tile names them. */
const players = { video: locale.kind.video, audio: locale.kind.audio }
const heardSeconds = 0.3

/**
 * Syncs, visits a screen, scrolls the Library, searches in it, and opens a job whose video or sound is played and closed again. Rejects
 * if one of them does nothing.
 */
export async function soakRound(page: BarePage, round: number): Promise<void> {
  await go(page, screens[round % screens.length] as string)
  await scroll(page, 3)
  await press(page, locale.sync.now)
  await go(page, 'library')
  await page.waitFor(() => document.querySelector('main [data-job-id]') !== null)
  await scroll(page, 10)
  await type(page, words[round % words.length] as string)
  await page.waitFor(() => location.hash.includes('='))
  await type(page, '')
  await page.waitFor(() => !location.hash.includes('=') && document.querySelector('main [data-job-id]') !== null)
  await play(page, round % 2 === 0 ? 'video' : 'audio')
}

async function go(page: BarePage, screen: string): Promise<void> {
  await page.evaluate((path) => {
    location.hash = path
  }, `#/${screen}`)
  await page.waitFor(() => document.querySelector('h1') !== null)
}

async function scroll(page: BarePage, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    await page.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 700, y: 500, deltaX: 0, deltaY: 600 })
  }
}

/** Plays the newest file of a kind, which lasts longer than the part that is heard, and closes its job. */
async function play(page: BarePage, kind: keyof typeof players): Promise<void> {
  await go(page, `library?kind=${kind}&status=completed`)
  const tile = `main [data-refund-status=completed][aria-label*=", ${players[kind]},"]`
  await page.waitFor((selector) => document.querySelector(selector) !== null, tile)
  await page.evaluate((selector) => document.querySelector<HTMLElement>(selector)?.click(), tile)
  const player = `aside[data-job-id] ${kind}`
  await page.waitFor((selector) => document.querySelector(selector) !== null, player)
  await page.evaluate(async (selector) => {
    const media = document.querySelector<HTMLMediaElement>(selector)
    if (!media) return
    media.muted = true
    await media.play()
  }, player)
  await page.waitFor(
    (selector, seconds) => (document.querySelector<HTMLMediaElement>(selector)?.currentTime ?? 0) > seconds,
    player,
    heardSeconds,
  )
  await key(page, 'Escape')
  await page.waitFor(() => document.querySelector('aside[data-job-id]') === null)
}

async function press(page: BarePage, label: string): Promise<void> {
  await page.waitFor((name) => document.querySelector(`button[aria-label="${name}"]`) !== null, label)
  await page.evaluate((name) => document.querySelector<HTMLElement>(`button[aria-label="${name}"]`)?.click(), label)
}

/** Replaces the text of the search field, as a paste does. */
async function type(page: BarePage, text: string): Promise<void> {
  await page.waitFor(() => document.querySelector('main input[type=search]') !== null)
  await page.evaluate(() => {
    const field = document.querySelector<HTMLInputElement>('main input[type=search]')
    field?.focus()
    field?.select()
  })
  if (text === '') await key(page, 'Backspace')
  else await page.send('Input.insertText', { text })
}

async function key(page: BarePage, name: 'Escape' | 'Backspace'): Promise<void> {
  const windowsVirtualKeyCode = name === 'Escape' ? 27 : 8
  for (const type of ['rawKeyDown', 'keyUp']) {
    await page.send('Input.dispatchKeyEvent', { type, key: name, code: name, windowsVirtualKeyCode })
  }
}
