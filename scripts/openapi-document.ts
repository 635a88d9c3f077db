/** The OpenAPI document of the service contract, generated from the schemas of the client and the sandbox. */
import { z } from 'zod'
import {
  createDocument,
  createSchema,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathItemObject,
} from 'zod-openapi'
import {
  JobChangesQuery,
  JobListingQuery,
  JobQuery,
  TransactionChangesQuery,
  TransactionListingQuery,
} from '../src/core/service/parameters.ts'
import {
  AccountSchema,
  IdSchema,
  JobChangesSchema,
  JobListingSchema,
  JobSchema,
  ServiceErrorSchema,
  TransactionChangesSchema,
  TransactionListingSchema,
} from '../src/core/service/schemas.ts'

const rules = `\
The contract between the desktop app and the service that it syncs from. Whatever stands behind it must serve exactly this.

Rules that hold everywhere:
* JSON, UTF-8. Times are RFC 3339 in UTC with milliseconds. Ids are opaque strings of 1 to 128 characters,
  unique per account and resource. Credit amounts are whole numbers (safe integers).
* A client ignores properties that it does not know, and keeps enum values that it does not know
  (it shows them as "unknown"; it never drops the record).
* Delivery is at least once and in no particular order: the same job may come again, older revisions may
  come after newer ones. The higher \`revision\` wins. Credit transactions never change once written.
* Two phases per stream. LISTING: newest first, \`page\` tokens, the first page carries \`changesCursor\`, the
  position of the change feed as of the start of the listing. CHANGES: from a cursor, oldest change first.
* \`410 cursor_expired\` on changes: list again from the start. Records that the listing no longer returns are
  kept locally and marked as no longer on Carat. Local history is never deleted by a sync.
* A page may be smaller than asked for. 413, a time-out or 503 on a large page: ask for a smaller one. The last page says
  \`nextPage: null\`, leaves it out, or sends an empty string; 204 on changes means that nothing is new.
* The bearer is an access token that the user pastes, or that a sign-in gave if the service has the metadata of RFC 8414: an
  authorization code with PKCE in the system's browser, redirected to http://127.0.0.1:PORT/callback (RFC 8252). The
  client is public, with the id \`carat-companion\`. Refresh tokens rotate: a second use ends the sign-in.
* Every error body is an Error. \`Retry-After\` (seconds) is honoured on 429 and 503.
`

const answers = {
  Account: AccountSchema,
  Job: JobSchema,
  JobListing: JobListingSchema,
  JobChanges: JobChangesSchema,
  TransactionListing: TransactionListingSchema,
  TransactionChanges: TransactionChangesSchema,
  Error: ServiceErrorSchema,
}

/** The wire side of each schema: the input of its transformations. */
function wireSchemas() {
  const schemas = Object.values(answers).map((schema) => createSchema(schema, { io: 'input', opts: { override } }))
  return Object.assign({}, ...schemas.map(({ components }) => components))
}

/** Removes keywords that only state JavaScript's number range and text keys. */
function override({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  delete jsonSchema.propertyNames
}

function get(
  operationId: string,
  summary: string,
  answer: keyof typeof answers,
  query?: z.ZodObject,
): { get: ZodOpenApiOperationObject } {
  return {
    get: {
      operationId,
      summary,
      ...(query && { requestParams: { query } }),
      responses: {
        200: { description: 'ok', content: { 'application/json': { schema: reference(answer) } } },
        default: { $ref: '#/components/responses/Error' },
      },
    },
  }
}

const reference = (name: keyof typeof answers) => ({ $ref: `#/components/schemas/${name}` as const })

const jobPath: ZodOpenApiPathItemObject = {
  get: {
    operationId: 'getJob',
    summary:
      'One job as it is now, with fresh addresses of its results (addresses may lapse; ask again for the job then).',
    requestParams: { path: z.object({ id: IdSchema }), query: JobQuery },
    responses: {
      200: { description: 'ok', content: { 'application/json': { schema: reference('Job') } } },
      404: { description: 'this agent has no such job (any more), or the service does not offer single jobs' },
      default: { $ref: '#/components/responses/Error' },
    },
  },
}

export function createOpenApiDocument() {
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Carat Sync API',
        version: '1.0.0',
        summary: "Read-only view of one account's generation jobs and credit transactions.",
        description: rules,
      },
      servers: [{ url: '{base}', variables: { base: { default: 'http://127.0.0.1:8787' } } }],
      security: [{ bearer: [] }],
      paths: {
        '/v1/me': get(
          'getAccount',
          'The signed-in account, its plan and balance, and the policy values and links in force.',
          'Account',
        ),
        '/v1/jobs': get(
          'listJobs',
          "One agent's jobs, newest first (by createdAt, then id).",
          'JobListing',
          JobListingQuery,
        ),
        '/v1/jobs/{id}': jobPath,
        '/v1/jobs/changes': get(
          'jobChanges',
          "One agent's jobs that were created, changed or deleted after a cursor.",
          'JobChanges',
          JobChangesQuery,
        ),
        '/v1/credits/transactions': get(
          'listCreditTransactions',
          "The account's credit transactions, newest first. One ledger per account, shared by both agents.",
          'TransactionListing',
          TransactionListingQuery,
        ),
        '/v1/credits/transactions/changes': get(
          'creditTransactionChanges',
          'The credit transactions written after a cursor.',
          'TransactionChanges',
          TransactionChangesQuery,
        ),
        '/v1/events': {
          get: {
            operationId: 'events',
            summary:
              'Server-sent events, optional. Each `change` event is a hint that a stream has something new to pull.',
            responses: {
              200: {
                description: 'event: change · data: {"stream":"jobs","agent":"agent-1"} or {"stream":"credits"}',
                content: { 'text/event-stream': { schema: { type: 'string' } } },
              },
              404: { description: 'the service has no event stream; the client polls' },
            },
          },
        },
        '/.well-known/oauth-authorization-server': {
          get: {
            operationId: 'oauthMetadata',
            summary:
              'RFC 8414 metadata. Authorization code with PKCE (S256), loopback redirect (RFC 8252), refresh tokens, RFC 7009 revocation.',
            security: [],
            responses: {
              200: { description: 'ok', content: { 'application/json': { schema: { type: 'object' } } } },
            },
          },
        },
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
        responses: { Error: { description: 'error', content: { 'application/json': { schema: reference('Error') } } } },
        schemas: wireSchemas(),
      },
    },
    { override },
  )
}
