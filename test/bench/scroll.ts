/** How smoothly the Library scrolls: long tasks and missed frames. */
import type { Page } from '@playwright/test'
import type { Account } from './accounts.ts'
import { inLibrary } from './browser.ts'
import type { Reading } from './report.ts'

const seconds = 10
/** In pixels per second: slow enough to load pictures, and too fast to load them. */
export const speeds = [1_000, 3_000] as const

interface Smoothness {
  frames: number
  /** Frames of a 60 Hz screen that were missed. */
  dropped: number
  /** Tasks of the page's thread over 50 ms; the longest in milliseconds, 0 if there was none. */
  longTasks: number
  longestTask: number
}

export async function measureScrolling(account: Account): Promise<Reading[]> {
  const readings: Reading[] = []
  for (const speed of speeds) {
    const { frames, dropped, longTasks, longestTask } = await inLibrary(account, async ({ page }) => {
      const watch = await page.evaluateHandle(watchFrames)
      await scroll(page, speed, seconds)
      return watch.evaluate((started) => started.stop())
    })
    const common = {
      table: `Scrolling for ${seconds} s in Chromium`,
      jobs: account.jobs,
      column: `${speed} px/s`,
    } as const
    readings.push(
      { ...common, name: 'tasks over 50 ms while scrolling', unit: '', values: [longTasks], goal: { atMost: 0 } },
      { ...common, name: 'longest task (0: none over 50), ms', unit: '', values: [longestTask] },
      { ...common, name: 'dropped frames, %', unit: '', values: [(100 * dropped) / (frames + dropped)] },
    )
  }
  return readings
}

/** Scrolls down as a finger or wheel does, through the compositor. */
async function scroll(page: Page, speed: number, duration: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Input.synthesizeScrollGesture', scrollGesture(speed, duration))
  await session.detach()
}

/** The gesture for `duration` seconds, for the command `Input.synthesizeScrollGesture`. */
export const scrollGesture = (speed: number, duration: number) =>
  ({ x: 800, y: 500, yDistance: -speed * duration, speed, gestureSourceType: 'mouse' }) as const

/** Runs in the page. */
function watchFrames(): { stop(): Smoothness } {
  const frame = 1_000 / 60
  const tasks: number[] = []
  let frames = 0
  let dropped = 0
  let last = performance.now()
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
  observer.observe({ type: 'longtask' })
  const count = (at: number) => {
    frames++
    dropped += Math.max(0, Math.round((at - last) / frame) - 1)
    last = at
    next = requestAnimationFrame(count)
  }
  let next = requestAnimationFrame(count)
  return {
    stop() {
      cancelAnimationFrame(next)
      observer.disconnect()
      return { frames, dropped, longTasks: tasks.length, longestTask: Math.max(0, ...tasks) }
    },
  }
}
