import type { ColumnRole } from '../../../shared/imports.ts'
import { normal } from './written-times.ts'

/** The role that a heading suggests. `when` is a time, a day or a clock, which only the cells tell apart. */
export type HeadingHint = Exclude<ColumnRole, 'time' | 'day' | 'clock'> | 'when'

/** The first pattern that fits decides. Headings are compared in lower case, without spaces, `_` and `-`. */
const patterns: [RegExp, HeadingHint][] = [
  [
    /^(?:cancel(?:l?ed)?|streamed|취소여부|updatedat|수정일시)$|token|latency|time(?:to|ms)|timems|apikey|accesskey/,
    'ignored',
  ],
  [/만료|유효기간|expir|validuntil/, 'expires_at'],
  [/^(?:no|번호|순번|#|index)\.?$|^단가|^unitprice|변경전|이전잔액|^before/, 'ignored'],
  [/거래(?:id|번호|식별)|transaction(?:id|no)|generationid|^(?:uuid|id|txid)$/, 'transaction_id'],
  [/작업(?:id|번호)|jobid|taskid|prediction\.uuid/, 'job_id'],
  [/잔액|잔여|잔고|남은|변경후|balance|remaining|^after/, 'balance'],
  [/상태|state$|status$/, 'state'],
  [
    /일시|시각|날짜|일자|거래일|사용일|등록일|^(?:시간|일)$|timestamp|datetime|(?:^|created|occurred|used)at$|^(?:date|time|when|day)|(?:date|time)$/,
    'when',
  ],
  [/유형|구분|종류|분류|^(?:billing|transaction|entry)?type$|kind/, 'kind'],
  [/기능|서비스|카테고리|feature|category|tool/, 'feature'],
  [/에이전트|^agent/, 'agent'],
  [/모델|^model(?!.*uuid)|model(?:name|uuid|permaslug)$/, 'model'],
  [
    /^(?:사용|차감|소모|소진|출금)(?:한|된)?(?:크레딧|금액|액|량|포인트|수)?$|used|spent|debit|charged|consumed|deducted|cost|price|^(?:out|outgo(?:ing)?|지출)$/,
    'charged',
  ],
  [
    /^(?:지급|충전|적립|입금|환불|획득|수입)(?:한|된)?(?:크레딧|금액|액|량|포인트|수)?$|credited|granted|(?:^|credits?|points?|amount)(?:added|received|earned|refunded)|^creditin|^(?:in|income|incoming)$/,
    'credited',
  ],
  [/크레딧|금액|수량|변동|포인트|amount|credits?|points?/, 'amount'],
  [/내용|적요|설명|메모|비고|상세|항목|제목|사유|description|memo|notes?$|details?|reason|item|name|title/, 'text'],
]

const idHints = ['transaction_id', 'job_id', 'agent', 'model'] as const
/** Whether a heading names an id, an agent or a model: its numbers are no credits. */
export const isIdHint = (hint: HeadingHint | null): hint is (typeof idHints)[number] =>
  idHints.some((id) => id === hint)

export const compact = (heading: string): string => normal(heading).replace(/[\s_\-()[\]]/g, '')

/** The role that a heading suggests; null if it suggests none. */
export function hintOf(heading: string): HeadingHint | null {
  const name = compact(heading)
  if (name === '' || name.length > 30) return null
  return patterns.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** Whether a heading names the whole of which other columns are parts. */
export const isTotal = (heading: string): boolean => /total|합계|총/.test(compact(heading))

/** Whether a heading names a number of things, which is the amount only if nothing else is. */
export const isQuantity = (heading: string): boolean =>
  /^(?:수량|개수|건수|횟수|장수|quantity|qty|count)$/.test(compact(heading))

/** Whether a heading names when something ended or changed, not when it was charged. */
export const isLaterTime = (heading: string): boolean =>
  /완료|종료|환불|수정|변경|finish|complet|^end|refund|updat|modif/.test(compact(heading))

const totalWord = /^(?:\d+ ?[월일] ?|일일? ?|월간? ?)?(?:합계|소계|총계|총합|누계|(?:sub|grand)?[ -]?totals?|sum) ?:?$/

/** Whether a cell says that its row states a sum. */
export const isTotalWord = (cell: string): boolean => totalWord.test(normal(cell))

const totals = /^(?:합계|총|소계|누계|전체|total|sub ?total|sum|grand ?total)/

/** Whether a row states sums of the others. */
export const isTotalRow = (cells: readonly string[]): boolean =>
  totals.test(normal(cells.find((cell) => cell.trim() !== '') ?? ''))

/** Whether a heading says that its amounts are credits that were used. */
export const saysUsed = (heading: string): boolean => hintOf(heading) === 'charged'
