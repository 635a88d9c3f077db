import { describe, expect, it } from 'vitest'
import { diagnosticsReport, impersonal } from '../../src/core/host/diagnostics.ts'
import { memorySettings } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { makeSyncState } from '../support/records.ts'

const line = (fields: object) => JSON.stringify({ at: '2026-03-18T00:00:00Z', level: 'warn', event: 'x', ...fields })
const fieldsOf = (fields: object) => {
  const { at, level, event, ...rest } = JSON.parse(impersonal(line(fields)) ?? 'null')
  return rest
}

describe('a line of the log in the report', () => {
  it('keeps codes, numbers and the stack of an error', () => {
    const error = [
      "Error: EPERM: operation not permitted, rename 'C:\\Users\\홍길동\\carat.db'",
      '    at renamePatiently (file:///C:/Users/홍길동/app.asar/out/main/index.js:10:20)',
      '    at C:\\Users\\홍길동\\app.asar\\out\\main\\index.js:30:40',
    ].join('\n')
    expect(fieldsOf({ reason: 'crashed', exitCode: 5, error })).toEqual({
      reason: 'crashed',
      exitCode: 5,
      error: 'Error EPERM renamePatiently@index.js:10:20 @index.js:30:40',
    })
  })

  it('loses every other text, whatever its field', () => {
    expect(
      fieldsOf({ arguments: '--data=/home/me', code: 'a prompt', error: 'TypeError: my prompt', url: 'x' }),
    ).toEqual({
      error: 'TypeError',
    })
    for (const text of ['', 'not json', '[]', 'null', '{"event":"x"}']) expect(impersonal(text)).toBeNull()
  })

  it('shows nothing of a personal text in the message of an error', () => {
    const canary = '비밀 PROMPT me@example.com'
    fc.assert(
      fc.property(fc.constantFrom('error', 'detail', 'reason', 'arguments', 'other'), fc.string(), (name, around) => {
        const shown = impersonal(line({ [name]: `Error: ${around}${canary}${around}` })) ?? ''
        for (const word of canary.split(' ')) expect(shown).not.toContain(word)
      }),
    )
  })
})

it('the report has versions, settings, the state of sync and the last 500 lines', () => {
  const [first] = makeSyncState().streams
  const report = diagnosticsReport({
    at: Date.UTC(2026, 2, 18),
    program: { version: '1.2.3', electron: '45.4.1' },
    settings: memorySettings().get(),
    sync: makeSyncState({
      status: 'failed',
      streams: [
        { ...(first as NonNullable<typeof first>), error: { code: 'unreachable', params: { host: 'secret.example' } } },
      ],
    }),
    database: null,
    log: Array.from({ length: 600 }, (_, index) => line({ exitCode: index })),
  })
  for (const part of [
    '"electron": "45.4.1"',
    '"cacheLimit": 5',
    '"error": "unreachable"',
    '"exitCode":599',
    '"exitCode":100',
  ]) {
    expect(report).toContain(part)
  }
  expect(report).not.toContain('"exitCode":99}')
  expect(report).not.toContain('secret.example')
})
