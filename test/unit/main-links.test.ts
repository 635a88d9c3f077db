import { describe, expect, it } from 'vitest'
import { deepLinkPath } from '../../src/main/deep-link.ts'
import { windowBounds } from '../../src/main/window-state.ts'
import fc from '../support/fast-check.ts'

describe('a link into the app', () => {
  it.each([
    ['carat-companion://job/agent-1/job-7', '/library/agent-1/job-7'],
    ['carat-companion://job/agent-2/a%2Fb%3F100%25', '/library/agent-2/a%2Fb%3F100%25'],
    ['carat-companion://case/charge%3Alost', '/refunds/charge%3Alost'],
    ['carat-companion://refunds', '/refunds'],
    ['carat-companion://settings/', '/settings'],
  ])('%s leads to %s', (address, path) => {
    expect(deepLinkPath(address)).toBe(path)
  })

  it.each([
    'carat-companion://job/agent-3/a',
    'carat-companion://job/agent-1',
    'carat-companion://job/agent-1/a/b',
    'carat-companion://job/agent-1/%00',
    'carat-companion://job/agent-1/a%20b',
    `carat-companion://case/${'a'.repeat(201)}`,
    'carat-companion://case/%E0%A4%A',
    'carat-companion://settings?delete=all',
    'carat-companion://delete-everything',
    'carat-companion:settings',
    'https://carat.im/refunds',
    'app://carat/#/settings',
  ])('%s leads nowhere', (address) => {
    expect(deepLinkPath(address)).toBeNull()
  })

  it('never leads anywhere but to a screen, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        const path = deepLinkPath(`carat-companion://${rest}`)
        expect(path === null || /^\/[a-z]+(\/[^/?#]+){0,2}$/.test(path)).toBe(true)
      }),
    )
  })
})

describe('the bounds of the window', () => {
  const areas = [
    { x: 0, y: 0, width: 911, height: 472 },
    { x: 0, y: 0, width: 1093, height: 574 },
    { x: 768, y: 0, width: 768, height: 824 },
    { x: -1920, y: 200, width: 1920, height: 1040 },
  ]
  const saved = [
    undefined,
    { width: 3840, height: 2100, x: 0, y: 0 },
    { width: 1, height: 1, x: 5000, y: 5000 },
    { width: 1000, height: 700, x: -3000, y: -3000 },
  ]

  it.each(areas)('lie within the work area %j, and can be made small enough for it', (area) => {
    for (const state of saved) {
      const { x = area.x, y = area.y, width, height, minWidth, minHeight } = windowBounds(state, area)
      expect(x >= area.x && y >= area.y).toBe(true)
      expect(x + width <= area.x + area.width && y + height <= area.y + area.height).toBe(true)
      expect(minWidth <= width && minHeight <= height).toBe(true)
    }
  })

  it('stay as they were if they fit', () => {
    const area = { x: 0, y: 0, width: 1920, height: 1040 }
    const state = { width: 1500, height: 900, x: 30, y: 40 }
    expect(windowBounds(state, area)).toMatchObject(state)
    expect(windowBounds({ width: 1500, height: 900 }, area)).not.toHaveProperty('x')
  })
})
