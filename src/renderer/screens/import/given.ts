/** The sources that the user pastes, drops or chooses, and how they are sent to the core. */
import type { Bridge } from '../../../shared/bridge.ts'
import { base64Of } from '../../data/base64.ts'
import { request } from '../../data/request.ts'

/** A source: its bytes, and the name under which the app lists it. */
export interface Given {
  name: string
  bytes: Blob
  /** Whether it is an archive of this app, not a table. */
  isArchive: boolean
}

const partBytes = 500_000
/** One byte more of a table than the core reads, so that it refuses a larger one with its own sentence. */
const maxSentBytes = 64 * 2 ** 20 + 1

/** A file as it was dropped or chosen. macOS writes Korean names decomposed. */
export const givenFile = (file: File): Given => ({
  name: file.name.normalize('NFC'),
  bytes: file,
  isArchive: /\.zip$/i.test(file.name),
})

export const givenText = (name: string, text: string): Given => ({ name, bytes: new Blob([text]), isArchive: false })

type Transfer = Pick<DataTransfer, 'getData'> & { files: ArrayLike<File> }

/** The source in a paste or a drop: a file, else the copied page if it has a table, else its text. Null if there is none. */
export function givenBy(transfer: Transfer, name: string): Given | null {
  const file = transfer.files[0]
  if (file) return givenFile(file)
  const html = transfer.getData('text/html')
  const text = transfer.getData('text/plain')
  if (/<table[\s>]/i.test(html) || (text.trim() === '' && html !== '')) return givenText(name, html)
  return text.trim() === '' ? null : givenText(name, text)
}

/**
 * Sends a source in parts that every host accepts; `onSent` receives the share that has arrived. Stops without an error
 * once `signal` is aborted.
 */
export async function send(
  bridge: Bridge,
  upload: string,
  { bytes, isArchive }: Given,
  signal: AbortSignal,
  onSent: (share: number) => void,
): Promise<void> {
  const sent = isArchive ? bytes : bytes.slice(0, maxSentBytes)
  let start = 0
  do {
    const data = await base64Of(sent.slice(start, start + partBytes))
    if (signal.aborted) return
    await request(bridge, isArchive ? 'archives.receive' : 'imports.receive', { upload, data })
    start += partBytes
    onSent(Math.min(1, start / Math.max(sent.size, 1)))
  } while (start < sent.size && !signal.aborted)
}
