import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { fillFolder } from '../store/projection-file.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService } from '../support/fake-service.ts'
import { launchIn } from '../support/launched-core.ts'
import { fillDisk, mountDisk, unmount } from '../support/read-only.ts'

const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)
const full = mountDisk(at('full'), '1m')
const small = mountDisk(at('small'), '2m')
afterAll(() => {
  for (const path of [full, small]) if (path) unmount(path)
  folder.remove()
})

it.skipIf(!full)(
  'names the file for which there is no space: an export, a backup, a database that is restored',
  async () => {
    const source = at('source')
    fillFolder(source, 20)
    fillFolder(source, 20)
    const target = join(full as string, 'target')
    fillDisk(full as string)
    for (const command of [
      ...['csv', 'json', 'xlsx'].map((format) => ['export', '--format', format, '--out', target, '--data', source]),
      ['backup', '--out', target, '--data', source],
      ['restore', '--from', join(source, 'carat.db'), '--data', target],
    ]) {
      const run = await runCliHere(command)
      expect(run).toMatchObject({ code: 1, out: '' })
      expect(run.err).toContain(`no space left on the disk that holds ${target}.`)
      expect(existsSync(target) && readdirSync(target).length > 0).toBe(false)
      rmSync(target, { recursive: true, force: true })
    }
  },
)

it.skipIf(!small)(
  'rolls back the page for which a sync finds no space, and goes on once there is some',
  async () => {
    const service = await createFakeService()
    for (let number = 0; number < 400; number++) {
      service.addJob({ id: `job-${number}`, prompt: `${number} ${'길다 '.repeat(1_000)}` })
    }
    const data = join(small as string, 'data')
    process.env.CARAT_TOKEN = service.token
    const sync = () => runCliHere(['sync', '--api', service.url, '--data', data])
    const first = await sync()
    expect(first.code).toBe(1)
    expect(first.err).toContain(`no space left on the disk that holds ${data}.`)
    execFileSync('mount', ['-o', 'remount,size=64m', small as string])
    expect(await sync()).toMatchObject({ code: 0, err: '' })
    expect(await runCliHere(['verify', '--data', data])).toMatchObject({ code: 0 })
    expect(JSON.parse((await runCliHere(['jobs', '--json', '--limit', '500', '--data', data])).out)).toHaveLength(400)
    delete process.env.CARAT_TOKEN
    await service.close()
  },
  30_000,
)

it.skipIf(!full)('says that there is no space if the sample account finds none at the start', async () => {
  const data = join(full as string, 'data')
  fillDisk(full as string)
  // Enough for the folder, too little for the account.
  const fill = readdirSync(full as string).filter((name) => name.startsWith('fill-'))
  for (const name of fill.slice(0, 30)) rmSync(join(full as string, name))
  await expect(launchIn(data)).rejects.toMatchObject({ code: 'disk_full', params: { path: data } })
})
