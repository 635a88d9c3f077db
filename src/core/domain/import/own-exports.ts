/** Recognizes our own exports (docs/exports.md), which are read back without loss. */
import type { ColumnRole } from '../../../shared/imports.ts'

/** Roles of the fields of the credit history, as the CSV and the JSON name them. Other fields are derived from these. */
const fieldRoles: Record<string, ColumnRole> = {
  transactionId: 'transaction_id',
  kind: 'kind',
  feature: 'feature',
  source: 'credit_source',
  amount: 'amount',
  balanceAfter: 'balance',
  occurredAt: 'time',
  agent: 'agent',
  model: 'model',
  memo: 'text',
  jobId: 'job_id',
  reverses: 'reverses',
  expiresAt: 'expires_at',
  retractedAt: 'retracted_at',
}

/** Headings of the workbook in both languages; a test compares them with the locale files. */
export const workbookHeadings: Record<'ko' | 'en', Record<string, string>> = {
  ko: {
    transactionId: '거래 ID',
    kind: '종류',
    feature: '기능',
    source: '크레딧 종류',
    amount: '크레딧',
    balanceAfter: '알려진 잔액',
    occurredAt: '시각 · UTC',
    agent: '에이전트',
    model: '모델',
    memo: '메모',
    jobId: '작업 ID',
    reverses: '환불한 차감 ID',
    expiresAt: '만료 시각 · UTC',
    retractedAt: '목록에서 사라진 시각 · UTC',
  },
  en: {
    transactionId: 'Transaction ID',
    kind: 'Kind',
    feature: 'Feature',
    source: 'Credit source',
    amount: 'Amount',
    balanceAfter: 'Stated balance',
    occurredAt: 'Time · UTC',
    agent: 'Agent',
    model: 'Model',
    memo: 'Memo',
    jobId: 'Job ID',
    reverses: 'Refund of',
    expiresAt: 'Expires · UTC',
    retractedAt: 'No longer listed · UTC',
  },
}

/** The word before the number in the heading of a continued text. */
export const continuedWords = { ko: '이어짐', en: 'continued' }

const rolesByHeading = new Map<string, ColumnRole>(Object.entries(fieldRoles))
for (const headings of Object.values(workbookHeadings)) {
  for (const [field, heading] of Object.entries(headings)) rolesByHeading.set(heading, fieldRoles[field] as ColumnRole)
}

const continued = new RegExp(`^(.+?)(?: · (?:${Object.values(continuedWords).join('|')}) )?(?:[2-9]|[1-9]\\d+)$`)

/** The roles of the columns if these are the headings of our own export of the credit history, else null. */
export function ownRoles(headings: readonly string[]): ColumnRole[] | null {
  const roles = headings.map((heading): ColumnRole => {
    const role = rolesByHeading.get(heading)
    if (role) return role
    // The pieces of a long text are in consecutive columns.
    const piece = continued.exec(heading)
    return piece && rolesByHeading.get(piece[1] as string) === 'text' ? 'text' : 'ignored'
  })
  const needed: ColumnRole[] = ['transaction_id', 'kind', 'amount', 'time', 'reverses', 'retracted_at']
  return needed.every((role) => roles.includes(role)) ? roles : null
}

/** The headings of the accounts in an export of several. */
export const accountHeadings: readonly string[] = ['account', 'Account', '계정']

/** Whether these rows, with their headings first, are our own export with the records of several accounts. */
export function hasSeveralAccounts([headings = [], ...rows]: readonly (readonly string[])[]): boolean {
  const column = headings.findIndex((heading) => accountHeadings.includes(heading))
  return column >= 0 && ownRoles(headings) !== null && rows.some((row) => row[column] !== rows[0]?.[column])
}

/** Only the CSV has this column; only its texts have apostrophes. */
export const hasApostrophes = (headings: readonly string[]): boolean => headings.includes('occurredAtKst')

/** A text of our CSV as it was before the export: without the one apostrophe that spreadsheets need. */
export const withoutApostrophe = (cell: string): string => (cell.startsWith("'") ? cell.slice(1) : cell)
