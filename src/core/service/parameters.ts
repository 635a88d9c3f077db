/**
 * The query parameters of the Carat Sync API, for the OpenAPI document and for the sandbox, which refuses all others.
 */
import { z } from 'zod'
import { AgentSchema } from './schemas.ts'

const page = z.string().optional().meta({ description: 'Token of the page to read; the first page when left out.' })
const cursor = z.string()
const limit = z.coerce.number().int().min(1).max(1_000).default(200)

export const JobListingQuery = z.object({ agent: AgentSchema, page, limit })
export const JobQuery = z.object({ agent: AgentSchema })
export const JobChangesQuery = z.object({ agent: AgentSchema, cursor, limit })
export const TransactionListingQuery = z.object({ page, limit })
export const TransactionChangesQuery = z.object({ cursor, limit })
