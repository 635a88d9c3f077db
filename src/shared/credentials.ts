/** Content credentials (C2PA) of a file: what it says about how it was made. JSON-safe; nothing of it is verified. */

/** What a file carries of them; `damaged` and `too_large` are not shown. */
export type CredentialsView = ({ state: 'stated' } & ContentCredentials) | { state: 'none' | 'damaged' | 'too_large' }

/** What the newest manifest of a file says. Null where it says nothing. */
export interface ContentCredentials {
  /** The program that wrote it, with its version. */
  program: string | null
  title: string | null
  /** The name in the certificate of the signature. */
  signer: string | null
  prompt: string | null
  /** At most 20. */
  actions: CredentialAction[]
}

export interface CredentialAction {
  /** As the file states it, such as `c2pa.created`. */
  action: string
  /** Null if the file states none, or one that the app does not know. */
  source: CredentialSource | null
  /** The digital source type as the file states it. */
  statedSource: string | null
  program: string | null
  /** In epoch milliseconds. */
  at: number | null
}

/** Where the content of a file comes from. */
export type CredentialSource = 'ai' | 'partly_ai' | 'captured' | 'edited'

/** The media types from which the app reads content credentials. */
const credentialTypes = [
  ...(['image/png', 'image/jpeg', 'image/webp', 'image/avif', 'image/heic', 'image/heif'] as const),
  ...(['video/mp4', 'video/quicktime', 'audio/mp4', 'audio/wav'] as const),
] as const
export type CredentialType = (typeof credentialTypes)[number]

export const hasReadableCredentials = (mimeType: string): mimeType is CredentialType =>
  credentialTypes.some((type) => type === mimeType)
