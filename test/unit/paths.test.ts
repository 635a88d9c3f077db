import { describe, expect, it } from 'vitest'
import { casePath, jobPath, libraryPath, pathIds, readLibraryFilter } from '../../src/renderer/navigation/paths.ts'

const awkwardIds = ['job_1', 'a/b?c#d', '100%', '%2F', 'with space', '고양이', 'job:agent-1:x']

describe('addresses of records', () => {
  it.each(awkwardIds)('keep the id %s', (id) => {
    expect(pathIds(jobPath({ agent: 'agent-2', jobId: id }))).toEqual(['agent-2', id])
    expect(pathIds(casePath({ case: id }))).toEqual([id])
  })

  it.each(awkwardIds)('name the account %s in a view of all accounts', (account) => {
    const job = jobPath({ account, agent: 'agent-2', jobId: 'job_1' }, { days: 7 })
    expect(new URLSearchParams(job.split('?')[1]).get('account')).toBe(account)
    expect(readLibraryFilter(job.split('?')[1] ?? '')).toMatchObject({ days: 7 })
    expect(casePath({ account, case: 'charge:1' })).toContain('?account=')
    expect(casePath({ account: null, case: 'charge:1' })).toBe('/refunds/charge%3A1')
  })

  it('keeps an address that is not encoded properly', () => {
    expect(pathIds('/refunds/100%')).toEqual(['100%'])
  })
})

describe('addresses of filtered lists', () => {
  it('reads back the filter that it wrote', () => {
    const filter = {
      text: '100% & 고양이 + %41',
      kinds: ['image', 'a,b'],
      models: ['Seedream 4.0', 'a&b'],
      outcomes: ['failed' as const],
      statuses: ['refund_missing' as const, 'refunded' as const],
      days: 30,
    }
    expect(readLibraryFilter(libraryPath(filter).split('?')[1] ?? '')).toEqual(filter)
  })

  it('writes a bare path without a filter', () => {
    expect(libraryPath()).toBe('/library')
    expect(jobPath({ agent: 'agent-1', jobId: 'job_1' }, { kinds: [] })).toBe('/library/agent-1/job_1')
  })

  it('drops unknown filter values', () => {
    const filter = readLibraryFilter('status=lost&status=refunded&outcome=burnt&days=-3')
    expect(filter).toEqual({
      text: undefined,
      kinds: [],
      models: [],
      outcomes: [],
      statuses: ['refunded'],
      days: undefined,
    })
  })
})
