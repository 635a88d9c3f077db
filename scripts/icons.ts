/**
 * `npm run icons`: draws every icon from `icon.svg` with a Chromium of this machine. Windows wants an `.ico`, macOS an `.icns`
 * whose picture leaves the margin of Apple's grid, and the tray needs small icons.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { findBrowser } from '../test/support/browser.ts'

const folder = join(import.meta.dirname, '../resources/icons')
const svg = readFileSync(join(folder, 'icon.svg'), 'utf8')
/** The square of the icon within its canvas of 1024: the whole square, and Apple's 824. */
const square = { x: 64, size: 896 }
const wholeSquare = `${square.x} ${square.x} ${square.size} ${square.size}`
const appleSide = (1024 * square.size) / 824
const appleGrid = `${512 - appleSide / 2} ${512 - appleSide / 2} ${appleSide} ${appleSide}`
/** The mark without its square, black: macOS draws it in the colour of its menu bar. */
const template = svg.replace(/<rect[^>]*>/, '').replaceAll('#fff', '#000')
const templateBox = '200 200 624 624'

/** Windows lays it over the taskbar button while cases ask for attention. */
const badge =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="13" fill="#c0392b" stroke="#fff" stroke-width="3"/></svg>'

const icoSizes = [16, 24, 32, 48, 64, 128, 256]
/** The types of an `.icns` by the size of their PNG in pixels, as Apple's iconutil writes them. */
const icnsTypes = {
  icp4: 16,
  icp5: 32,
  ic11: 32,
  ic12: 64,
  ic07: 128,
  ic13: 256,
  ic08: 256,
  ic14: 512,
  ic09: 512,
  ic10: 1024,
}

const browser = await chromium.launch({ executablePath: findBrowser() })
const save = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes)
save('icon.png', await draw(browser, svg, '0 0 1024 1024', 1024))
save('icon.ico', ico(await drawAll(wholeSquare, icoSizes)))
save('tray.ico', ico(await drawAll(wholeSquare, [16, 20, 24, 32])))
save('icon.icns', icns(await drawAll(appleGrid, [...new Set(Object.values(icnsTypes))])))
save('badge.png', await draw(browser, badge, '0 0 32 32', 32))
for (const [suffix, scale] of [
  ['', 1],
  ['@2x', 2],
] as const) {
  save(`tray${suffix}.png`, await draw(browser, svg, wholeSquare, 16 * scale))
  save(`trayTemplate${suffix}.png`, await draw(browser, template, templateBox, 16 * scale))
}
await browser.close()

async function drawAll(viewBox: string, sizes: number[]): Promise<Map<number, Buffer>> {
  const drawn = new Map<number, Buffer>()
  for (const size of sizes) drawn.set(size, await draw(browser, svg, viewBox, size))
  return drawn
}

/** A PNG of `size` pixels of the part `viewBox` of a drawing. */
async function draw(from: Browser, drawing: string, viewBox: string, size: number): Promise<Buffer> {
  const page = await from.newPage({ viewport: { width: size, height: size } })
  const fitted = drawing.replace(/viewBox="[^"]*"/, `viewBox="${viewBox}" width="${size}" height="${size}"`)
  await page.setContent(`<style>* { margin: 0 } svg { display: block }</style>${fitted}`)
  const png = await page.screenshot({ omitBackground: true })
  await page.close()
  return png
}

/** An icon file of Windows that holds PNGs: a header, one entry per picture, then the pictures. */
function ico(pictures: Map<number, Buffer>): Buffer {
  const header = Buffer.alloc(6 + 16 * pictures.size)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(pictures.size, 4)
  let offset = header.length
  for (const [index, [size, png]] of [...pictures].entries()) {
    const at = 6 + 16 * index
    // 0 stands for 256.
    header.writeUInt8(size % 256, at)
    header.writeUInt8(size % 256, at + 1)
    header.writeUInt16LE(1, at + 4)
    header.writeUInt16LE(32, at + 6)
    header.writeUInt32LE(png.length, at + 8)
    header.writeUInt32LE(offset, at + 12)
    offset += png.length
  }
  return Buffer.concat([header, ...pictures.values()])
}

/** An icon file of macOS: a header, then each picture with its type and length. */
function icns(pictures: Map<number, Buffer>): Buffer {
  const parts = Object.entries(icnsTypes).map(([type, size]) => {
    const png = pictures.get(size) as Buffer
    return Buffer.concat([head(type, 8 + png.length), png])
  })
  const body = Buffer.concat(parts)
  return Buffer.concat([head('icns', 8 + body.length), body])
}

function head(type: string, length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.write(type, 0, 'latin1')
  bytes.writeUInt32BE(length, 4)
  return bytes
}
