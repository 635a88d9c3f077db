/** Reads what the newest manifest of a C2PA store says. No hash, signature or certificate is checked. */
import type { ContentCredentials, CredentialAction, CredentialSource } from '../../../shared/credentials.ts'
import { readCbor } from './cbor.ts'
import { boxesIn, type JumbfBox, type Superbox, superboxesIn } from './jumbf.ts'
import { subjectOf } from './signer.ts'

/** In characters. Longer texts are cut. */
const longestText = 300
const longestPrompt = 4_000
const mostActions = 20
/** How deep an assertion is searched for a prompt. */
const promptDepth = 8
/** `prompt`, `com.example.prompt`, `Iptc4xmpExt:AIPromptInformation`; not `negative_prompt`. */
const promptKey = /(?:^|[.:])(?:ai[_-]?)?prompt(?:[_-]?(?:text|information))?$/i

/** Whole, of an update, and compressed; the last is not read, but is no reason to show an older one. */
const manifestTypes = new Set(['c2ma', 'c2um', 'c2cm'])

/** The digital source types of IPTC and C2PA, by the last part of their address. */
const sources = new Map<string, CredentialSource>([
  ...['trainedAlgorithmicMedia', 'trainedAlgorithmicData'].map((name) => [name, 'ai'] as const),
  ...['compositeWithTrainedAlgorithmicMedia', 'compositeSynthetic'].map((name) => [name, 'partly_ai'] as const),
  ...['digitalCapture', 'computationalCapture', 'negativeFilm', 'positiveFilm', 'print'].map(
    (name) => [name, 'captured'] as const,
  ),
  ...['humanEdits', 'minorHumanEdits', 'composite', 'compositeCapture', 'algorithmicallyEnhanced'].map(
    (name) => [name, 'edited'] as const,
  ),
])

/** Reads a manifest store. Throws if it is damaged. */
export function readManifestStore(bytes: Buffer): ContentCredentials {
  const store = superboxesIn(boxesIn(bytes)).find(({ type, label }) => type === 'c2pa' && label === 'c2pa')
  const active = superboxesIn(store?.content ?? []).findLast(({ type }) => manifestTypes.has(type))
  const parts = superboxesIn(active?.content ?? [])
  const claimBox = parts.find(({ type }) => type === 'c2cl')
  if (!claimBox) throw new RangeError('The store has no claim')
  const claim = dataOf(claimBox)
  const stored = superboxesIn(parts.find(({ type }) => type === 'c2as')?.content ?? [])
  const assertions = stored.map((box) => ({ label: box.label, data: dataOf(box) }))
  return {
    program: programOf(claim),
    title: textOf(field(claim, 'dc:title')),
    signer: signerOf(parts.find(({ type }) => type === 'c2cs')),
    prompt: assertions.map(({ data }) => promptIn(data)).find((prompt) => prompt !== null) ?? null,
    actions: assertions
      .filter(({ label }) => /^c2pa\.actions(?:\.v\d+)?(?:__\d+)?$/.test(label))
      .flatMap(({ data }) => listOf(field(data, 'actions')))
      .slice(0, mostActions)
      .map(actionOf),
  }
}

/** The content of a box as CBOR or JSON; null if it holds something else, such as a picture. */
function dataOf({ content }: Superbox): unknown {
  const bytesOf = (wanted: string) => content.find(({ type }: JumbfBox) => type === wanted)?.bytes
  const cbor = bytesOf('cbor')
  const json = bytesOf('json')
  if (cbor) return readCbor(cbor)
  return json ? JSON.parse(json.toString()) : null
}

function field(data: unknown, key: string): unknown {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, key)
    ? (data as Record<string, unknown>)[key]
    : null
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** A text on one line; null for any other value, and for a text without characters. */
function textOf(value: unknown, longest = longestText): string | null {
  return typeof value === 'string' ? value.trim().slice(0, longest) || null : null
}

/** The name and version of a program: a text, or an object with both. */
function nameOf(value: unknown): string | null {
  const name = textOf(field(value, 'name'))
  const version = textOf(field(value, 'version'))
  return name === null ? textOf(value) : version === null ? name : `${name} ${version}`
}

function programOf(claim: unknown): string | null {
  const info = field(claim, 'claim_generator_info')
  return nameOf(Array.isArray(info) ? info[0] : info) ?? textOf(field(claim, 'claim_generator'))
}

function actionOf(action: unknown): CredentialAction {
  const statedSource = textOf(field(action, 'digitalSourceType'))
  const when = Date.parse(textOf(field(action, 'when')) ?? '')
  return {
    action: textOf(field(action, 'action')) ?? '',
    source: sources.get(statedSource?.split('/').at(-1) ?? '') ?? null,
    statedSource,
    program: nameOf(field(action, 'softwareAgent')),
    at: Number.isNaN(when) ? null : when,
  }
}

/** The first text of an assertion whose key says that it is a prompt. */
function promptIn(data: unknown, depth = 0): string | null {
  if (typeof data !== 'object' || data === null || Buffer.isBuffer(data) || depth > promptDepth) return null
  for (const [key, value] of Object.entries(data)) {
    const found = promptKey.test(key) ? textOf(value, longestPrompt) : null
    const prompt = found ?? promptIn(value, depth + 1)
    if (prompt !== null) return prompt
  }
  return null
}

/** The name in the certificate of a signature (COSE_Sign1), which anybody can write; null if it is not there or not readable. */
function signerOf(signature: Superbox | undefined): string | null {
  try {
    const [protectedPart, unprotectedPart] = listOf(signature && dataOf(signature))
    const headers = [Buffer.isBuffer(protectedPart) ? readCbor(protectedPart) : null, unprotectedPart]
    // 33 is the chain of certificates.
    const chain = headers.flatMap((header) => [field(header, '33'), field(header, 'x5chain')]).find(Boolean)
    const certificate = Array.isArray(chain) ? chain[0] : chain
    return Buffer.isBuffer(certificate) ? textOf(subjectOf(certificate)) : null
  } catch {
    return null
  }
}
