import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fillFolder } from '../store/projection-file.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { type Damage, damageFile, damageKinds } from '../support/damage.ts'

/**
 * Seeds of places. With hard ones, `verify` never ended, a stored value was no JSON or longer than any value may be, or the
 * schema named another column.
 */
const hardPlaces: Partial<Record<Damage, readonly number[]>> = {
  'single wrong bytes': [7, 8, 13, 21, 39, 59],
  'random bytes in 20 pages': [7, 1085],
}
const usualPlaces = [7, 39]

const folder = temporaryFolder()
const source = join(folder.path, 'whole')
const data = join(folder.path, 'data')
const out = join(folder.path, 'out')
beforeAll(() => fillFolder(source, 50, { hasImports: true }))
afterAll(() => folder.remove())

const commands = [
  ['jobs'],
  ['search', '고양이'],
  ['credits'],
  ['refunds', '--json'],
  ['findings'],
  ['summary'],
  ['imports'],
  ['undo', '1'],
  ['export', '--format', 'csv', '--out', out],
  ['export', '--format', 'json', '--out', out],
  ['export', '--format', 'xlsx', '--out', out],
  ['backup', '--out', out],
  ['verify'],
  ['verify', '--repair'],
]

const isDesigned = (err: string): boolean =>
  err === '' ||
  err.startsWith(`The database in ${data} is damaged.`) ||
  err.startsWith('The check found records that do not add up.')

it.each(damageKinds)(
  'answers every command on a file with %s, or says that the database is damaged',
  async (damage) => {
    let refused = 0
    for (const seed of hardPlaces[damage] ?? usualPlaces) {
      for (const command of commands) {
        rmSync(data, { recursive: true, force: true })
        mkdirSync(data)
        copyFileSync(join(source, 'carat.db'), join(data, 'carat.db'))
        damageFile(join(data, 'carat.db'), damage, seed)
        const { code, err } = await runCliHere([...command, '--data', data])
        expect(isDesigned(err), `seed ${seed}, ${command.join(' ')}: ${err}`).toBe(true)
        expect(code).toBe(err === '' ? 0 : 1)
        if (code === 1) refused++
      }
    }
    expect(refused).toBeGreaterThan(0)
  },
  30_000,
)
