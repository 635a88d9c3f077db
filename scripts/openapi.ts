/** Writes resources/openapi.json from the schemas of the service client. */
import { writeFileSync } from 'node:fs'
import { createOpenApiDocument } from './openapi-document.ts'

writeFileSync(
  new URL('../resources/openapi.json', import.meta.url),
  `${JSON.stringify(createOpenApiDocument(), null, 2)}\n`,
)
