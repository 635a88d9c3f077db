import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { createOpenApiDocument } from '../../scripts/openapi-document.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Fields = Record<string, Json>

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8')
/** A value as JSON stores it: without undefined properties. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as Fields

/** Keywords that do not affect whether an answer is valid. */
const words = new Set(['description', 'summary', 'info', 'servers', 'components'])

/** Rewrites equivalent OpenAPI schemas into the same form. */
function normalise(value: Json, document: Fields): Json {
  if (Array.isArray(value)) return value.map((item) => normalise(item, document))
  if (value === null || typeof value !== 'object') return value
  if (typeof value.$ref === 'string') return normalise(lookUp(document, value.$ref), document)
  const fields: Fields = {}
  for (const [key, child] of Object.entries(value)) {
    if (words.has(key) && !(typeof child === 'object' && child !== null && 'type' in child)) continue
    if (key === 'required' && child === false) continue
    fields[key] = normalise(child, document)
  }
  for (const key of ['required', 'enum'] as const) if (Array.isArray(fields[key])) fields[key] = fields[key].toSorted()
  if (Array.isArray(fields.parameters)) fields.parameters = sorted(fields.parameters)
  if ('const' in fields) delete fields.type
  return alternatives(fields)
}

/** Rewrites `type: [a, b]` as `anyOf`. */
function alternatives({ type, anyOf, ...rest }: Fields): Fields {
  if (Array.isArray(type)) {
    return { anyOf: sorted(type.map((each) => (each === 'null' ? { type: each } : { type: each, ...rest }))) }
  }
  if (Array.isArray(anyOf)) return { anyOf: sorted(anyOf), ...rest }
  return type === undefined ? rest : { type, ...rest }
}

const sorted = (values: Json[]) => values.toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1))
const canonical = (value: Json): string =>
  JSON.stringify(value, (_, child) =>
    child && typeof child === 'object' && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort())
      : child,
  )

function lookUp(document: Fields, reference: string): Json {
  const path = reference.replace(/^#\//, '').split('/')
  return path.reduce<Json>((place, key) => (place as Fields)[key] as Json, document)
}

test('resources/openapi.json matches the schemas (else: npm run openapi)', async () => {
  expect(JSON.parse(await read('../../resources/openapi.json'))).toEqual(plain(createOpenApiDocument()))
})

test('resources/openapi.json matches the agreed contract', async () => {
  const agreed = parse(await read('carat-sync.openapi.yaml')) as Fields
  const ours = plain(createOpenApiDocument())
  expect(normalise(lookUp(ours, '#/paths'), ours)).toEqual(normalise(lookUp(agreed, '#/paths'), agreed))
  expect(ours.security).toEqual(agreed.security)
  expect(lookUp(ours, '#/components/securitySchemes')).toEqual(lookUp(agreed, '#/components/securitySchemes'))
})
