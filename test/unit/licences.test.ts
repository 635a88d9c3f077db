import { expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { isAllowed, shippedPackages } from '../../scripts/licences.ts'

const shipped = shippedPackages()

it('lists every package that is shipped with a licence that is allowed', () => {
  const names = shipped.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining([...Object.keys(packageJson.dependencies), 'react', 'pretendard']))
  expect(names).not.toContain('vitest')
  expect(shipped.filter(({ licence }) => !isAllowed(licence))).toEqual([])
})

it.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['GPL-3.0', false],
  ['MIT AND GPL-3.0', false],
  ['', false],
])('judges the licence %j', (licence, allowed) => {
  expect(isAllowed(licence)).toBe(allowed)
})
