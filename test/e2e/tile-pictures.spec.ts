import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from '../support/library-page.ts'
import { halfPng } from '../support/picture-bytes.ts'

const pictures = {
  large: halfPng(960, 960),
  moving: halfPng(960, 960, 2),
  tiny: halfPng(16, 12),
  broken: halfPng(960, 960).subarray(0, 900),
}

/** What is drawn in the tile of a job: the size of the picture, its type, and the opacity of its first and last pixel. */
const drawn = (page: Page, id: string) =>
  page.evaluate(async (job) => {
    const image = document.querySelector<HTMLImageElement>(`a[data-job-id="${job}"] img[data-shown]`)
    if (!image) return null
    const { naturalWidth: width, naturalHeight: height } = image
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')
    await image.decode().catch(() => {})
    context?.drawImage(image, 0, 0)
    const opacity = (x: number, y: number) => context?.getImageData(x, y, 1, 1).data[3]
    const { headers } = await fetch(image.src)
    return { width, type: headers.get('content-type'), opacity: [opacity(0, 0), opacity(width - 1, height - 1)] }
  }, id)

/** Makes the browser ask the host again for what it has: Playwright caches nothing that it routes. */
const withoutCache = (page: Page) => page.route('**/media/**', (route) => route.continue())

test('shows pictures in the size of their tiles, made once, and others as they are', async ({ page, library }) => {
  const { service } = library
  for (const [name, body] of Object.entries(pictures)) {
    const headers = { 'content-type': 'image/png' }
    service.fault(`/of/${name}`, { status: 200, headers, body }, Number.POSITIVE_INFINITY)
    const results = [{ ...library.image(name, 960, 960), url: `${service.url}/of/${name}` }]
    library.add({ id: name, minutesAgo: 5, prompt: name, results })
  }
  await library.open()
  const small = { width: 180, type: 'image/webp', opacity: [0, 255] }
  await expect.poll(() => drawn(page, 'large')).toEqual(small)
  await expect.poll(() => drawn(page, 'moving')).toEqual({ width: 960, type: 'image/png', opacity: [0, 255] })
  await expect.poll(() => drawn(page, 'tiny')).toEqual({ width: 16, type: 'image/png', opacity: [0, 255] })
  await expect.poll(() => drawn(page, 'broken')).toMatchObject({ width: 960, type: 'image/png' })

  // Later the small picture comes at once.
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/media/')) asked.push(new URL(request.url()).pathname)
  })
  await withoutCache(page)
  await page.reload()
  await expect.poll(() => drawn(page, 'large')).toEqual(small)
  await expect.poll(() => drawn(page, 'tiny')).toMatchObject({ width: 16 })
  expect(asked.filter((path) => /large|tiny/.test(path) && path.endsWith('/thumbnail'))).toEqual([])
})

test('makes a damaged tile picture anew', async ({ page, library }) => {
  library.add({ id: 'picture', minutesAgo: 5, prompt: '그림' })
  await library.open()
  const { dataDir } = library.host()
  await expect.poll(() => drawn(page, 'picture')).toMatchObject({ type: 'image/webp' })
  const isTile = (path: string) => readFileSync(path).subarray(32, 36).toString('latin1') === 'RIFF'
  const files = () => globSync('media/cache/files/*/*', { cwd: dataDir }).map((name) => join(dataDir, name))
  const [tile] = files().filter(isTile)
  const whole = readFileSync(tile as string)
  writeFileSync(tile as string, Buffer.from(whole).fill(0, 60, 80))
  await withoutCache(page)
  await page.reload()
  await expect.poll(() => drawn(page, 'picture')).toMatchObject({ type: 'image/webp' })
  await expect.poll(() => readFileSync(tile as string).equals(whole)).toBe(true)
})

test('shows the prompt if a thumbnail cannot be loaded', async ({ library }) => {
  library.add({
    id: 'lost-picture',
    minutesAgo: 5,
    prompt: '사라진 그림',
    results: [{ ...library.image('x'), url: `${library.service.url}/none` }],
  })
  await library.open()
  await expect(library.job('lost-picture').getByText('사라진 그림')).toBeVisible()
})
