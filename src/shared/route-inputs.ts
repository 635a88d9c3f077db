/** The input schemas that several routes share, with a limit on every string and list. */
import { z } from 'zod'
import { columnRoles, dateOrders, importEncodings, signRules } from './imports.ts'
import { agents, creditSources, features, outcomes, refundStatuses, transactionKinds } from './values.ts'

export const agent = z.enum(agents)
export const id = z.string().min(1).max(128)
/** An account by its name: its id, with the sign-in method if another account has the same id. */
export const accountName = z.string().min(1).max(300)
/** The account of a record, as its row names it in a view of all accounts; by default the current one. */
export const ofAccount = accountName.optional()
export const caseName = z.string().min(1).max(300)
export const before = z.string().max(200).optional()
export const limit = z.number().int().min(1).max(500).default(50)
export const pageSize = z.number().int().min(20).max(500)
export const timeZone = z.string().min(1).max(64)
export const days = z.number().int().min(1).max(366)
/** A message about the ledger as a whole is about no case. */
export const casesOfMessage = z.array(caseName).max(20)
export const cases = casesOfMessage.min(1)
export const message = { subject: z.string().min(1).max(300), text: z.string().min(1).max(20_000) }
export const result = z.strictObject({ account: ofAccount, agent, jobId: id, resultId: id })
export const backupName = z.string().regex(/^[\w.-]{1,200}\.db$/)
export const hour = z.number().int().min(0).max(23)
export const supportState = z.enum(['draft', 'sent', 'answered', 'resolved'])

export const jobFilter = z.strictObject({
  agent: agent.optional(),
  kinds: z.array(z.string().max(32)).max(16).optional(),
  models: z.array(z.string().max(200)).max(16).optional(),
  outcomes: z.array(z.enum(outcomes)).max(16).optional(),
  refundStatuses: z.array(z.enum(refundStatuses)).max(16).optional(),
  text: z.string().max(200).optional(),
  from: z.number().int().optional(),
  to: z.number().int().optional(),
})

export const jobFilterWithoutText = jobFilter.omit({ text: true })

export const ledgerFilter = z.strictObject({
  agent: agent.optional(),
  kinds: z.array(z.string().max(32)).max(16).optional(),
  features: z.array(z.enum(features)).max(16).optional(),
  sources: z.array(z.enum(creditSources)).max(16).optional(),
  text: z.string().max(200).optional(),
})

export const batch = z.number().int().positive()
const words = z.array(z.strictObject({ word: z.string().min(1).max(200), kind: z.enum(transactionKinds) })).max(100)
export const reading = z.strictObject({
  layout: z.enum(['table', 'own_export']),
  headingRow: z.number().int().min(0).nullable(),
  columns: z.array(z.enum(columnRoles)).max(500),
  dateOrder: z.enum(dateOrders),
  zone: timeZone,
  signRule: z.enum(signRules),
  kindWords: words,
  featureWords: z.array(z.strictObject({ word: z.string().min(1).max(200), feature: z.enum(features) })).max(100),
})
/** The positions of the rows at a seam that are further rows, as the user says. */
export const further = z.array(z.number().int().min(0)).max(1_000)

export const importChoice = z.strictObject({
  upload: id,
  /** The name of the file, or of the place that the table came from. */
  source: z.string().min(1).max(300),
  encoding: z.enum(importEncodings).nullable(),
  table: z.number().int().min(0).max(1_000),
  reading: reading.nullable(),
  account: accountName.nullable(),
  further: further.optional(),
})
