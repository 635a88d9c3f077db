/** `--account` on every command: it chooses, or is refused with the reason. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands, takesAllAccounts } from '../../src/cli/arguments.ts'
import { fillFolder } from '../store/projection-file.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'

const folder = temporaryFolder()
const data = join(folder.path, 'data')
const table = join(folder.path, 'usage.csv')
const carat = (...args: string[]) => runCliHere([...args, '--data', data])

/** What a command needs besides `--account`. */
const needs: Record<string, string[]> = {
  search: ['고양이'],
  import: [table],
  'import-folder': [folder.path, '--agent', 'agent-1'],
  undo: ['1'],
  export: ['--format', 'csv', '--out', join(folder.path, 'out.csv')],
  backup: ['--out', join(folder.path, 'backup.db')],
  restore: ['--from', join(folder.path, 'backup.db')],
}
const ofFolder = ['accounts', 'backup', 'restore', 'recover', 'verify']
const choosing = commands.filter((name) => !ofFolder.includes(name) && !['sign-in', 'help'].includes(name))

beforeAll(() => {
  fillFolder(data, 2, { hasImports: true })
  writeFileSync(table, 'Date,Type,Credits\n2026-01-28 12:05,Image,-10\n2026-01-28 12:06,Video,-20\n')
})
afterAll(() => folder.remove())

describe('--account', () => {
  it.each(choosing)('names the accounts that there are if %s is given another one', async (command) => {
    const run = await carat(command, ...(needs[command] ?? []), '--account', 'nobody')
    expect(run).toMatchObject({ code: 1, out: '' })
    expect(run.err).toMatch(/There is no account “nobody” here\. The accounts are: \S+/)
  })

  it.each(ofFolder)('is refused by %s, which is about the whole data folder', async (command) => {
    const run = await carat(command, ...(needs[command] ?? []), '--account', 'nobody')
    expect(run).toMatchObject({ code: 1, out: '' })
    expect(run.err).toContain(`${command} is about the whole data folder`)
  })

  it('is refused by sign-in, because the service says whose sign-in it is', async () => {
    expect((await carat('sign-in', '--account', 'nobody')).err).toContain('The service says')
  })

  it.each(choosing.filter((name) => !takesAllAccounts(name)))(
    'all is refused by %s, which is about one account',
    async (command) => {
      const run = await carat(command, ...(needs[command] ?? []), '--account', 'all')
      expect(run).toMatchObject({ code: 1, out: '' })
      expect(run.err).toContain(command === 'delete' ? 'use delete --all' : `${command} is about one account`)
    },
  )

  it.each(choosing.filter(takesAllAccounts))('all is every account for %s', async (command) => {
    const out = join(folder.path, 'all.csv')
    const ofExport = command === 'export' ? ['--format', 'csv', '--out', out] : (needs[command] ?? [])
    expect(await carat(command, ...ofExport, '--account', 'all')).toMatchObject({ code: 0 })
  })

  it('of undo must be the account that has the import', async () => {
    const [{ batch }] = JSON.parse((await carat('imports', '--account', 'account-1', '--json')).out)
    const id = String(batch)
    const state = async () => JSON.parse((await carat('imports', '--account', 'account-1', '--json')).out)[0].undone
    const refused = await carat('undo', id, '--account', 'account-2')
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain(`Import ${id} belongs to another account: account-1.`)
    expect(await state()).toBe(false)
    expect(await carat('undo', id, '--account', 'account-1')).toMatchObject({ code: 0 })
    expect(await state()).toBe(true)
    expect((await carat('undo', '99', '--account', 'account-1')).err).toContain('There is no import 99')
  })
})

it('says which command does not take an option, and which options exclude each other', async () => {
  expect((await carat('refunds', '--limit', '3')).err).toContain('refunds does not take --limit')
  expect((await carat('match', 'j', '--accept', 'c', '--refuse', 'c')).err).toContain(
    'match --accept does not take --refuse',
  )
})
