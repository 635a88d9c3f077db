/** Takes pictures of the preview: `node test/support/preview/shots.ts OUT_DIR NAME=QUERY#PATH@WIDTHxHEIGHT[!CLICK] …`. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { createServer } from 'vite'
import { findBrowser } from '../browser.ts'

const [outDir = '', ...shots] = process.argv.slice(2)
const report = (line: string) => process.stdout.write(`${line}\n`)
mkdirSync(outDir, { recursive: true })
const server = await createServer({ configFile: join(import.meta.dirname, 'vite.config.ts'), server: { port: 0 } })
await server.listen()
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
for (const shot of shots) {
  const [, name, query, path, width, height, click] = /^(.+?)=(.*?)#(.*?)@(\d+)x(\d+)(?:!(.+))?$/.exec(shot) ?? []
  const page = await browser.newPage({
    viewport: { width: Number(width), height: Number(height) },
    timezoneId: 'Asia/Seoul',
    reducedMotion: 'reduce',
  })
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') report(`${name}: ${message.text()}`)
  })
  page.on('pageerror', (error) => report(`${name}: ${error.message}`))
  await page.goto(`${server.resolvedUrls?.local[0]}?${query}#${path}`)
  await page.locator('#root[data-ready]').waitFor()
  await page.evaluate(() => document.fonts.ready)
  if (click) {
    await page.locator(click).first().click()
    await page.waitForTimeout(300)
  }
  await page.screenshot({ path: join(outDir, `${name}.png`) })
  await page.close()
}
await browser.close()
await server.close()
