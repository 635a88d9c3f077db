/** Content credentials (C2PA), byte by byte: CBOR, JUMBF boxes and manifest stores. */
import { box, pngChunk, riffChunk, segment } from './picture-bytes.ts'

/** The head of a CBOR item. */
function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length])
  const bytes = Buffer.alloc(5)
  bytes[0] = (major << 5) | 26
  bytes.writeUInt32BE(length, 1)
  return bytes
}

/** A value in CBOR; numbers are whole, and keys in decimal become numbers. */
export function cbor(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4])
  if (value === null || value === undefined) return Buffer.from([0xf6])
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)])
  const entries = Object.entries(value)
  const key = (name: string) => cbor(/^\d+$/.test(name) ? Number(name) : name)
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([name, inner]) => [key(name), cbor(inner)])])
}

/** A superbox; `type` has the four characters with which its UUID begins. */
export function superbox(type: string, label: string, ...content: Buffer[]): Buffer {
  const uuid = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from('00110010800000aa00389b71', 'hex')])
  return box('jumb', box('jumd', uuid, Buffer.from([3]), Buffer.from(`${label}\0`)), ...content)
}

/** A certificate that signs itself, of the organisation "Example Pictures". */
export const certificate = Buffer.from(
  'MIIBbzCCASGgAwIBAgIUO3naBDhgKbPIiyBCYMVRmEtnu/UwBQYDK2VwMCwxGTAXBgNVBAoMEEV4YW1wbGUgUGljdHVyZXMxDzANBgNVBAMMBnNpZ25lcjAgFw0yNjExMjkyMjI0NDRaGA8yMTI2MTEwNTIyMjQ0NFowLDEZMBcGA1UECgwQRXhhbXBsZSBQaWN0dXJlczEPMA0GA1UEAwwGc2lnbmVyMCowBQYDK2VwAyEA5eIOzz/u+mVpI5FvuSrEGjKNlwGrFhNI+Cs52mUhh1yjUzBRMB0GA1UdDgQWBBS05sDvXI8iBtuHMu04DN7zzw9ngDAfBgNVHSMEGDAWgBS05sDvXI8iBtuHMu04DN7zzw9ngDAPBgNVHRMBAf8EBTADAQH/MAUGAytlcANBACKtqgXzTtjGCUivZGyk3Nit3mbfpruwuBmQh0a7DVf93XMQYYaxxTgFxLUEG3XKyMdfqU3s75HrmlQhl12ndwc=',
  'base64',
)

interface ManifestParts {
  claim?: object
  /** By their labels; a text is stored as JSON. */
  assertions?: Record<string, object | string>
  type?: 'c2ma' | 'c2um'
}

export function manifest({ claim = {}, assertions = {}, type = 'c2ma' }: ManifestParts = {}): Buffer {
  const boxes = Object.entries(assertions).map(([label, data]) =>
    typeof data === 'string'
      ? superbox('json', label, box('json', Buffer.from(data)))
      : superbox('cbor', label, box('cbor', cbor(data))),
  )
  const signature = Buffer.concat([head(6, 18), cbor([cbor({ 1: -7, 33: [certificate] }), {}, null, Buffer.alloc(64)])])
  return superbox(
    type,
    'urn:uuid:1',
    superbox('c2as', 'c2pa.assertions', ...boxes),
    superbox('c2cl', 'c2pa.claim.v2', box('cbor', cbor(claim))),
    superbox('c2cs', 'c2pa.signature', box('cbor', signature)),
  )
}

export const manifestStore = (...manifests: Buffer[]): Buffer => superbox('c2pa', 'c2pa', ...manifests)

export const credentialsChunk = (store: Buffer): Buffer => pngChunk('caBX', store)

export const credentialsRiffChunk = (store: Buffer): Buffer => riffChunk('C2PA', store)

/** The `uuid` box of an ISO base media file that holds a store, or something else with another purpose. */
export const credentialsBox = (store: Buffer, purpose = 'manifest'): Buffer =>
  box(
    'uuid',
    Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex'),
    Buffer.alloc(4),
    Buffer.from(`${purpose}\0`),
    Buffer.alloc(8),
    store,
  )

/** The APP11 segments of a JPEG that hold a store, with at most `longest` bytes of it each. */
export function credentialsSegments(store: Buffer, longest = 60_000, instance = 1): Buffer[] {
  const [start, body] = [store.subarray(0, 8), store.subarray(8)]
  return Array.from({ length: Math.ceil(body.length / longest) }, (_, index) => {
    const numbers = Buffer.alloc(8)
    numbers.write('JP', 'latin1')
    numbers.writeUInt16BE(instance, 2)
    numbers.writeUInt32BE(index + 1, 4)
    return segment(0xeb, Buffer.concat([numbers, start, body.subarray(index * longest, (index + 1) * longest)]))
  })
}

/** A store of a picture that a program made with AI. */
export const madeByAi = (): Buffer =>
  manifestStore(
    manifest({
      claim: { claim_generator_info: { name: 'Bloom Studio', version: '2.1' }, 'dc:title': '벚꽃 길.png' },
      assertions: {
        'c2pa.actions.v2': {
          actions: [
            {
              action: 'c2pa.created',
              when: '2026-01-28T05:21:33Z',
              digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
              softwareAgent: { name: 'bloom', version: '3' },
            },
            { action: 'c2pa.resized', digitalSourceType: 'http://example.com/types/drawing' },
          ],
        },
        'com.example.generation': JSON.stringify({ settings: { prompt: '벚꽃이 핀 길', negative_prompt: '사람' } }),
      },
    }),
  )
