import { expect, it } from 'vitest'
import type { PageReport } from '../../src/core/sync/pages.ts'
import { createProgressGuard } from '../../src/core/sync/progress-guard.ts'

const report = (changed: Partial<PageReport>) => ({ added: 0, updated: 0, listed: 0, ...changed }) as PageReport
const known = report({})

/** How many pages the guard lets pass; at most 3,000. */
function pagesOf(page: (number: number) => { token?: string; ids: string[]; report: PageReport }): number {
  const guard = createProgressGuard()
  for (let number = 0; number < 3_000; number++) {
    const { token = `token ${number}`, ids, report } = page(number)
    try {
      guard.follow(token)
      guard.see(
        ids.map((id) => ({ id })),
        report,
      )
    } catch (error) {
      expect(error).toMatchObject({ code: 'no_progress' })
      return number
    }
  }
  return 3_000
}

it.each<[string, Parameters<typeof pagesOf>[0], number]>([
  ['known records with new tokens', () => ({ ids: ['a'], report: known }), 999],
  ['empty pages with new tokens', () => ({ ids: [], report: known }), 999],
  ['a record that changes on every page', () => ({ ids: ['a'], report: report({ updated: 1 }) }), 1_000],
  ['two records that change in turn', (number) => ({ ids: [`${number % 2}`], report: report({ updated: 1 }) }), 1_001],
  ['the same token', (number) => ({ token: 'same', ids: [`${number}`], report: report({ added: 1 }) }), 3],
])('stops at %s', (_, page, pages) => {
  expect(pagesOf(page)).toBe(pages)
})

it.each<[string, Parameters<typeof pagesOf>[0]]>([
  ['new records', (number) => ({ ids: [`${number}`], report: report({ added: 1 }) })],
  ['other changed records', (number) => ({ ids: [`${number}`], report: report({ updated: 1 }) })],
  ['known records that a new snapshot lists', (number) => ({ ids: [`${number}`], report: report({ listed: 1 }) })],
  [
    'a new record after 900 pages without one',
    (number) => ({ ids: [`${number}`], report: report({ added: number % 900 === 0 ? 1 : 0 }) }),
  ],
])('reads on while it gets %s', (_, page) => {
  expect(pagesOf(page)).toBe(3_000)
})

it('starts anew after a reset', () => {
  const guard = createProgressGuard()
  for (let round = 0; round < 3; round++) {
    for (let number = 0; number < 999; number++) guard.see([], known)
    guard.reset()
  }
  for (let number = 0; number < 999; number++) guard.see([], known)
  expect(() => guard.see([], known)).toThrow('no_progress')
})
