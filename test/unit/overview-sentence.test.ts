import { describe, expect, it } from 'vitest'
import { emptyFlow } from '../../src/core/domain/flow.ts'
import { sentenceOf } from '../../src/renderer/screens/overview/sentence.ts'
import type { CreditFlow, Overview, SyncState } from '../../src/shared/views.ts'

const whole: SyncState = { status: 'idle', streams: [], lastSuccessAt: 1, nextAt: null, rebuild: null }
const running: SyncState = { ...whole, status: 'running', lastSuccessAt: null }
const failed: SyncState = { ...whole, status: 'failed', lastSuccessAt: null }

function overview(flow: Partial<CreditFlow> = {}, attentionCount = 0, jobCount = 1): Overview {
  const all = { ...emptyFlow, ...flow }
  return {
    from: 0,
    to: 0,
    charged: Object.values(all).reduce((sum, part) => sum + part, 0),
    flow: all,
    attention: [],
    attentionCount,
    waiting: { pending: 0, pendingCredits: 0, nextDueAt: null, running: 0, runningCredits: 0 },
    matches: 0,
    newest: [],
    days: [],
    jobCount,
    byAccount: [],
  }
}

describe('the sentence of the Overview', () => {
  it.each([
    [
      'good',
      overview({ delivered: 40, dismissed: 33, notGeneration: 2, refunded: 10, pending: 33, inProgress: 5 }),
      whole,
    ],
    ['toCheck', overview({ delivered: 40, attention: 33 }, 1), whole],
    ['casesToCheck', overview({ delivered: 40 }, 2), whole],
    ['unusedToCheck', overview({}, 2), whole],
    ['cannotTell', overview({ delivered: 40, cannotTell: 10 }), whole],
    ['toCheck', overview({ attention: 33, cannotTell: 10 }, 1), whole],
    ['unused', overview(), whole],
    ['empty', overview({}, 0, 0), whole],
    ['good', overview({ delivered: 40 }), undefined],
  ] as const)('is %s', (sentence, data, sync) => {
    expect(sentenceOf(data, sync)).toBe(sentence)
  })

  it.each([
    ['reading', overview({}, 0, 0), running],
    ['unread', overview({}, 0, 0), failed],
    ['usedSoFar', overview({ delivered: 40 }), running],
    ['usedSoFar', overview({ delivered: 40, cannotTell: 10 }), failed],
    ['toCheck', overview({ delivered: 40, attention: 33 }, 1), running],
  ] as const)('is %s while the history is unread', (sentence, data, sync) => {
    expect(sentenceOf(data, sync)).toBe(sentence)
  })
})
