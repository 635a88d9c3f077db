/** Serves a generated history over HTTP as the contract has it. Runs as a process of its own: its work must not count as ours. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Agent } from '../../src/shared/values.ts'
import { createHistory, newest } from './history.ts'

const jobs = Number(process.argv[2])
const history = createHistory(jobs)

const account = {
  id: 'bench',
  displayName: 'Bench',
  email: null,
  signInMethod: 'email',
  plan: 'pro',
  balance: 1_000,
  balanceAsOf: new Date(newest).toISOString(),
  policy: { refundGraceSeconds: 86_400, generationLimitSeconds: 3_600 },
  links: {},
}

function listing(query: URLSearchParams, count: number, row: (index: number) => unknown) {
  const from = Number(query.get('page') ?? 0)
  const to = Math.min(count, from + Number(query.get('limit') ?? 200))
  const items = Array.from({ length: to - from }, (_, offset) => row(from + offset))
  return { items, nextPage: to < count ? String(to) : null, ...(from === 0 && { changesCursor: '0', total: count }) }
}

const nothingNew = { items: [], nextCursor: '0', hasMore: false }

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://bench')
  const agent = url.searchParams.get('agent') as Agent
  const answer = (): unknown => {
    switch (url.pathname) {
      case '/v1/me':
        return account
      case '/v1/jobs':
        return listing(url.searchParams, history.jobsOf[agent], (index) => history.job(agent, index))
      case '/v1/jobs/changes':
        return nothingNew
      case '/v1/credits/transactions':
        return listing(url.searchParams, history.transactions, (index) => history.transaction(index))
      case '/v1/credits/transactions/changes':
        return nothingNew
      default:
        return null
    }
  }
  const body = answer()
  response.writeHead(body === null ? 404 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body ?? { error: { code: 'not_found', message: 'not found' } }))
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
