import { expect, test } from 'vitest'
import { keepState } from '../../src/renderer/screens/library/job/keep-state.ts'
import type { OriginalView, RunningOriginal } from '../../src/shared/views.ts'

const result = (id: string) => ({ id, mimeType: 'image/png', width: null, height: null, durationMs: null, bytes: null })
const job = (...results: string[]) => ({ agent: 'agent-1', jobId: 'job', allResults: results.map(result) }) as const
const original = (resultId: string, state: OriginalView['state']): OriginalView => ({
  resultId,
  state,
  bytes: 100,
  error: state === 'failed' ? { code: 'original_gone', params: {} } : null,
})
const running = (resultId: string, received: number, total: number | null, jobId = 'job'): RunningOriginal => ({
  agent: 'agent-1',
  jobId,
  resultId,
  received,
  total,
})

test.each([
  ['no original was asked for', job('a', 'b'), [], [], { state: 'none' }],
  ['a result was added later', job('a', 'b'), [original('a', 'kept')], [], { state: 'none' }],
  ['one original waits', job('a', 'b'), [original('a', 'kept'), original('b', 'waiting')], [], { state: 'waiting' }],
  [
    'all originals are kept',
    job('a', 'b'),
    [original('a', 'kept'), original('b', 'kept')],
    [],
    { state: 'kept', bytes: 200 },
  ],
  [
    'one original failed',
    job('a', 'b'),
    [original('a', 'kept'), original('b', 'failed')],
    [],
    { state: 'failed', error: { code: 'original_gone', params: {} }, kept: 1 },
  ],
  [
    'some originals are being downloaded',
    job('a', 'b', 'c', 'd'),
    [original('a', 'kept'), ...['b', 'c', 'd'].map((id) => original(id, 'waiting'))],
    [running('b', 50, 100), running('c', 10, null), running('x', 90, 100, 'another')],
    { state: 'keeping', share: 1.5 / 4 },
  ],
  [
    'a download exceeds its stated size',
    job('a'),
    [original('a', 'waiting')],
    [running('a', 150, 100)],
    { state: 'keeping', share: 1 },
  ],
] as const)('derives the keep state if %s', (_, of, originals, under, expected) => {
  expect(keepState({ ...of, allResults: [...of.allResults] }, originals, [...under])).toEqual(expected)
})
