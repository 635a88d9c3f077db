import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/core/host/clock.ts'
import { openTestCore, type TestCore, temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'

let service: FakeService
let folder: ReturnType<typeof temporaryFolder>
let opened: TestCore<ReturnType<typeof systemClock>>
beforeEach(async () => {
  service = await createFakeService()
  folder = temporaryFolder()
  opened = openTestCore(folder.path, service, systemClock())
})
afterEach(async () => {
  await opened.close()
  await service.close()
  folder.remove()
})

it('answers 50,000 hints with few requests and few events for the page', async () => {
  let events = 0
  opened.core.subscribe(() => events++)
  opened.core.start()
  await vi.waitUntil(() => service.watching() === 1 && opened.core.syncState().status === 'idle')
  const [before, eventsBefore] = [service.requests.length, events]
  const hints = 'event: change\ndata: {"stream":"credits"}\n\n'.repeat(1_000)
  for (let count = 0; count < 50; count++) service.sendEvent(hints)
  // The flood has been read to its end once this job is here.
  service.addJob({ id: 'after-the-flood' })
  await vi.waitUntil(() => opened.store.reader.prepare('SELECT count(*) FROM jobs').pluck().get() === 1, 60_000)
  expect(service.requests.length - before).toBeLessThan(60)
  expect(events - eventsBefore).toBeLessThan(200)
})
