/** Takes a screenshot of every screen in its variants: `node test/support/preview/shots.ts OUT_DIR [NAME_PART]`. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { findBrowser } from '../browser.ts'
import type { PreviewState } from './preview-core.ts'
import { startPreview } from './server.ts'

interface Shot {
  name: string
  path: string
  state: PreviewState
  lang: 'ko' | 'en'
  theme: 'light' | 'dark'
  width: 'wide' | 'narrow'
}

const paths: Record<string, string> = {
  overview: '/overview',
  library: '/library',
  credits: '/credits',
  refunds: '/refunds',
  help: '/help',
  'help-no-result': '/help/no-result',
  'help-unwanted': '/help/unwanted',
  'help-missing': '/help/missing',
  support: '/support',
  import: '/import',
  folders: '/import/folders',
  settings: '/settings',
  parts: '/parts',
}
const sizes = { wide: { width: 1280, height: 820 }, narrow: { width: 420, height: 820 } }

/** Every screen in full, in each language, theme and width; and each other state once in each language. */
function allShots(): Shot[] {
  const shots: Shot[] = []
  const add = (screen: string, state: PreviewState, lang: Shot['lang'], theme: Shot['theme'], width: Shot['width']) =>
    shots.push({
      name: [screen, state, lang, theme, width].join('-'),
      path: paths[screen] ?? '',
      state,
      lang,
      theme,
      width,
    })
  for (const screen of Object.keys(paths)) {
    for (const lang of ['ko', 'en'] as const) {
      for (const theme of ['light', 'dark'] as const) {
        for (const width of ['wide', 'narrow'] as const) add(screen, 'full', lang, theme, width)
      }
    }
    if (screen === 'parts') continue
    for (const state of ['never', 'empty', 'loading', 'broken'] as const) add(screen, state, 'ko', 'light', 'wide')
  }
  for (const screen of ['overview', 'credits', 'refunds']) {
    for (const state of ['overdrawn', 'lagging', 'unexplained'] as const) {
      for (const lang of ['ko', 'en'] as const) {
        add(screen, state, lang, 'light', 'wide')
        add(screen, state, lang, 'dark', 'narrow')
      }
    }
  }
  for (const screen of ['overview', 'library', 'credits', 'refunds', 'import', 'folders', 'settings']) {
    for (const state of ['sample', 'imported'] as const) {
      for (const lang of ['ko', 'en'] as const) {
        add(screen, state, lang, 'light', 'wide')
        add(screen, state, lang, 'dark', 'narrow')
      }
    }
  }
  for (const state of ['syncing', 'paused', 'rebuilding', 'offline', 'failed', 'signed-out', 'lost'] as const) {
    for (const lang of ['ko', 'en'] as const) {
      add('overview', state, lang, 'light', 'wide')
      add('overview', state, lang, 'dark', 'narrow')
    }
  }
  return shots
}

const [outDir, namePart = ''] = process.argv.slice(2)
if (!outDir) throw new Error('Name the folder for the pictures.')
const report = (line: string) => process.stdout.write(`${line}\n`)
mkdirSync(outDir, { recursive: true })
const preview = await startPreview(0, false)
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
for (const { name, path, state, lang, theme, width } of allShots().filter((shot) => shot.name.includes(namePart))) {
  const page = await browser.newPage({
    viewport: sizes[width],
    timezoneId: 'Asia/Seoul',
    locale: lang,
    reducedMotion: 'reduce',
  })
  page.on('pageerror', (error) => report(`${name}: ${error.message}`))
  await page.goto(`${preview.url}?${new URLSearchParams({ state, lang, theme })}#${path}`)
  const painted = page.locator(state === 'loading' || state === 'broken' ? '#root main' : '#root[data-ready]')
  await painted.waitFor().catch(() => report(`${name}: was not painted in time`))
  await page.evaluate(() => document.fonts.ready)
  // Pictures outside the window load lazily, so waiting for all of them would never end.
  const arePicturesShown = () =>
    [...document.images].every((image) => {
      const { top, left, width } = image.getBoundingClientRect()
      return image.complete || width === 0 || top >= window.innerHeight || left >= window.innerWidth
    })
  await page
    .waitForFunction(arePicturesShown, undefined, { timeout: 5_000 })
    .catch(() => report(`${name}: a picture did not load`))
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  if (sideways > 0) report(`${name}: scrolls ${sideways} px sideways`)
  await page.screenshot({ path: join(outDir, `${name}.png`) })
  await page.close()
}
await browser.close()
await preview.close()
