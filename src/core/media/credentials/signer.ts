/** Reads the name in a certificate without OpenSSL: Node.js ends the process on some damaged certificates. */

const sequence = 0x30
const explicitVersion = 0xa0
/** The attributes of a name, as DER writes their identifiers. */
const organisation = '55040a'
const commonName = '550403'
/** The tags of texts in UTF-8 or a part of it. */
const textTags = new Set([0x0c, 0x13, 0x16])

interface Element {
  tag: number
  content: Buffer
}

/** The elements of some bytes in DER, not of those inside them. Throws a RangeError if a length does not fit. */
function elementsIn(bytes: Buffer): Element[] {
  const elements: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at)
    const first = bytes.readUInt8(at + 1)
    const more = first < 128 ? 0 : first - 128
    const length = more === 0 ? first : bytes.readUIntBE(at + 2, more)
    const start = at + 2 + more
    if (length > bytes.length - start) throw new RangeError('A certificate has a wrong length')
    elements.push({ tag, content: bytes.subarray(start, start + length) })
    at = start + length
  }
  return elements
}

/** The organisation, or else the common name, to which a certificate (X.509 in DER) was issued. Throws a RangeError if it is damaged. */
export function subjectOf(certificate: Buffer): string | null {
  const [whole] = elementsIn(certificate)
  const [signed] = elementsIn(whole?.content ?? certificate)
  const fields = elementsIn(signed?.content ?? certificate)
  // Version (not always), number, algorithm, issuer, time, subject.
  const subject = fields[fields[0]?.tag === explicitVersion ? 5 : 4]
  if (subject?.tag !== sequence) return null
  const names = new Map<string, string>()
  for (const attribute of elementsIn(subject.content).flatMap(({ content }) => elementsIn(content))) {
    const [identifier, value] = elementsIn(attribute.content)
    if (identifier && value && textTags.has(value.tag)) {
      names.set(identifier.content.toString('hex'), value.content.toString())
    }
  }
  return names.get(organisation) ?? names.get(commonName) ?? null
}
