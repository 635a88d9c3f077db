/** Reading and understanding a table in CP949, as the import does it: in a thread of its own, then in this one. */
import { understand } from '../../src/core/domain/import/understand.ts'
import { readInWorker } from '../../src/core/import/table-reader.ts'
import type { SourceTable } from '../../src/shared/imports.ts'
import { encodeCp949 } from '../support/import-bytes.ts'
import type { Reading } from './report.ts'
import { median } from './statistics.ts'

const rounds = 5
/** As built: the hosts start this one. */
const thread = new URL('../../out/main/table-reader-thread.js', import.meta.url)
const now = Date.UTC(2026, 0, 29)
const minuteMs = 60_000

/** A table with as many rows as an account of this size has jobs. */
export async function measureImport(rows: number): Promise<Reading[]> {
  const bytes = encodeCp949(statementOf(rows))
  const [read, understood]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now()
    const answer = await readInWorker({ bytes }, { thread })
    if (!answer.ok) throw new Error(answer.problem.code)
    read.push(performance.now() - begin)
    const table = answer.read.tables[0] as SourceTable
    const start = performance.now()
    const { rows: records } = understand(table, { now, zone: 'Asia/Seoul' })
    understood.push(performance.now() - start)
    if (records.length !== rows) throw new Error(`${records.length} of ${rows} rows were understood`)
  }
  const both = read.map((time, index) => time + (understood[index] as number))
  const common = { table: 'Import of a CSV in CP949', jobs: rows } as const
  return [
    { ...common, name: 'read, with the start of the thread', unit: 'ms', values: [median(read)] },
    { ...common, name: 'understand', unit: 'ms', values: [median(understood)] },
    {
      ...common,
      name: 'import of 100,000 rows',
      unit: 'ms',
      values: [(median(both) * 100_000) / rows],
      goal: { atMost: 2_000 },
    },
  ]
}

const uses = ['영상 생성 (Kling)', '이미지 생성', '웹 검색', '오디오 생성']

function statementOf(rows: number): string {
  const lines = ['크레딧 사용 내역,,,,', '거래일시,구분,사용 크레딧,잔여 크레딧,내용']
  for (let row = 0; row < rows; row++) {
    const time = new Date(now - row * minuteMs)
    const hour = time.getUTCHours()
    const clock = `${hour < 12 ? '오전' : '오후'} ${hour % 12 || 12}:${String(time.getUTCMinutes()).padStart(2, '0')}`
    const day = `${time.getUTCFullYear()}. ${time.getUTCMonth() + 1}. ${time.getUTCDate()}.`
    const [kind, amount] = row % 9 === 0 ? ['환불', '"1,033"'] : ['사용', '"-1,033"']
    lines.push(
      `${day} ${clock},${kind},${amount},"${(9_000_000 - row).toLocaleString('en-US')}",${uses[row % uses.length]}`,
    )
  }
  return lines.join('\r\n')
}
