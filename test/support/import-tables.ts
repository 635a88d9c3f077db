import { understand } from '../../src/core/domain/import/understand.ts'
import { type ReadInput, type ReadTables, readTables } from '../../src/core/import/read/read.ts'
import type { Reading, SourceTable, Understanding } from '../../src/shared/imports.ts'

/** A statement as it is downloaded: notices above the heading, a cell of two lines, signs in three spellings. */
export const statement = `크레딧 사용 내역,,,,
,,,,
닉네임,하늘,조회기간,2026.01.01 - 2026.01.31,
※ 금액 앞의 '-'는 사용한 크레딧입니다.,,,,
거래일시,구분,사용 크레딧,잔여 크레딧,내용
2026. 1. 28. 오후 12:05,사용,"-1,033","2,967",영상 생성 (Kling)
2026. 1. 28. 오전 12:05,환불,"1,033","4,000","영상 생성 실패
자동 환불"
2026.01.27 23:59:30,사용,(33),4000,이미지 ３장
`

/** The same with positive amounts: only the kind tells the sign. */
export const statementWithWords = `\uFEFF거래 일시,적요,거래 유형,거래 금액,거래 후 잔액,메모
2026. 1. 28. 오후 12:05,영상 생성 (Kling),사용,"1,033","2,967",
2026. 1. 28. 오전 12:05,영상 생성 실패,환불,"1,033","4,000",자동
2026.01.27 23:59:30,이미지 ３장,사용,33,4000,
`

/** Later than every record of the tables above. */
export const importNow = Date.parse('2026-02-03T00:00:00Z')

/** The tables of bytes or text; throws the code of a problem. */
export async function read(source: string | Uint8Array, input: Omit<ReadInput, 'bytes'> = {}): Promise<ReadTables> {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source
  const answer = await readTables({ bytes, ...input })
  if (!answer.ok) throw new Error(answer.problem.code)
  return answer.read
}

/** The best table of a source. */
export const tableOf = async (
  source: string | Uint8Array,
  input: Omit<ReadInput, 'bytes'> = {},
): Promise<SourceTable> => (await read(source, input)).tables[0] as SourceTable

/** A source read and understood in Korea on 3 February 2026. */
export const understandText = async (source: string | Uint8Array, reading?: Reading): Promise<Understanding> =>
  understand(await tableOf(source), { now: importNow, zone: 'Asia/Seoul', reading })

/** A time as clocks in Korea show it. */
export const kstText = (time: number): string =>
  new Date(time + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
