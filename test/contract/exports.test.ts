import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CoreEvent } from '../../src/shared/events.ts'
import type { ExportedFile } from '../../src/shared/views.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import { startWorkerCore, synced, type WorkerCore } from '../support/workers.ts'

const jobCount = 1_600
const now = Date.UTC(2026, 0, 28, 12)
let folder: ReturnType<typeof temporaryFolder>
let service: FakeService
let worker: WorkerCore
beforeEach(async () => {
  folder = temporaryFolder()
  service = await createFakeService()
  for (let number = 0; number < jobCount; number++) service.addJob({ id: `job-${number}`, prompt: '벚꽃 '.repeat(50) })
  worker = await startWorkerCore(folder.path, service, now)
  await synced(worker)
})
afterEach(async () => {
  await worker.core.close()
  await service.close()
  folder.remove()
})

const files = () => readdirSync(folder.path).filter((name) => /\.(json|part|xlsx)$/.test(name))
/** Calls `act` at the first report of an export that has written some records, and collects all reports. */
function onProgress(act: () => void): number[] {
  const reports: number[] = []
  worker.core.subscribe((event: CoreEvent) => {
    if (event.type !== 'export') return
    if (event.records > 0 && reports.at(-1) === 0) act()
    reports.push(event.records)
  })
  return reports
}

describe('an export between threads', () => {
  it('reports its progress and writes the file to the path of the host', async () => {
    const reports = onProgress(() => {})
    const envelope = await worker.core.request('export.write', { format: 'json' })
    const file = (envelope as { data: ExportedFile }).data
    expect(file).toEqual({
      name: 'Carat 전체 기록 2026-01-28.json',
      path: join(folder.path, 'Carat 전체 기록 2026-01-28.json'),
      records: 2 * jobCount,
      download: null,
    })
    expect(JSON.parse(readFileSync(file.path, 'utf8')).jobs).toHaveLength(jobCount)
    expect(reports.slice(0, 3)).toEqual([0, 1_000, 2_000])
  })

  it.each(['json', 'xlsx'] as const)('ends without a file once it is cancelled: %s', async (format) => {
    const reports = onProgress(() => worker.core.request('export.cancel', {}))
    expect(await worker.core.request('export.write', { format })).toEqual({ ok: true, data: null })
    expect(reports.at(-1)).toBeLessThan(2 * jobCount - 500)
    expect(files()).toEqual([])
  })
})
