import { asksForAttention } from '../../../shared/status-sets.ts'
import type { CaseCounts, CaseItem } from '../../../shared/views.ts'
import { caseKey } from '../../data/records.ts'

export type Section = 'check' | 'waiting' | 'closed'

/** A row of the list: the heading of a section with its total credits, or a case. */
export type ListRow = { section: Section; count: number; credits: number } | { section: null; item: CaseItem }

/** Open cases in their sections, then the recently refunded cases. `open` must be sorted by status. */
export function sectionRows(open: CaseItem[], closed: CaseItem[], counts: CaseCounts): ListRow[] {
  const rows: ListRow[] = []
  const add = (section: Section, items: CaseItem[], count: number, credits: number) => {
    if (items.length > 0) rows.push({ section, count, credits }, ...caseRows(items))
  }
  const check = open.filter((item) => asksForAttention(item.refundStatus))
  const waiting = open.filter((item) => !asksForAttention(item.refundStatus))
  const back = closed.reduce((sum, item) => sum + item.refunded, 0)
  add('check', check, counts.attention, counts.attentionCredits)
  add('waiting', waiting, counts.open - counts.attention, counts.openCredits - counts.attentionCredits)
  add('closed', closed, closed.length, back)
  return rows
}

export const caseRows = (items: CaseItem[]): ListRow[] => items.map((item) => ({ section: null, item }))

export const rowKey = (row: ListRow): string => (row.section === null ? caseKey(row.item) : row.section)
