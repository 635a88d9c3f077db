/** Media types that every Chromium plays or draws; originals of other types can be kept, but not shown. */
const playable = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'video/mp4',
  'video/webm',
  'video/ogg',
  'audio/mpeg',
  'audio/mp4',
  'audio/aac',
  'audio/flac',
  'audio/ogg',
  'audio/wav',
  'text/vtt',
])

/** Whether a result of a media type has a picture to show: a picture, or the first frame of a video. */
export const hasPicture = (mimeType: string): boolean => /^(image|video)\//.test(mimeType)

/** Whether a media type, as declared or as proven by the first bytes, can be shown on the page. */
export const isPlayable = (mimeType: string): boolean => playable.has(mimeType)
