import { describe, expect, it } from 'vitest'
import { isMediaAddress } from '../../src/core/media/download.ts'
import { provenType } from '../../src/core/media/media-type.ts'
import { png } from '../support/media-server.ts'

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

/** A text in UTF-16 with its byte order mark, one character per byte. */
const utf16 = (text: string, order: 'le' | 'be') => {
  const encoded = Buffer.from(`\ufeff${text}`, 'utf16le')
  return (order === 'le' ? encoded : encoded.swap16()).toString('latin1')
}

/** A box of QuickTime or MP4 with as many bytes of content, the first of which are given. */
function box(type: string, length: number, content = ''): string {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(8 + length)
  return size.toString('latin1') + type + content.padEnd(length, '\0')
}

describe('the first bytes of a file', () => {
  it.each([
    ['image/png', Buffer.from(png).toString('latin1')],
    ['image/jpeg', '\xff\xd8\xff\xe0'],
    ['image/gif', 'GIF89a'],
    ['image/webp', 'RIFF\x10\0\0\0WEBPVP8 '],
    ['image/avif', '\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf'],
    ['image/avif', '\0\0\0\x20ftypmif1\0\0\0\0mif1avifmiaf'],
    ['image/avif', '\0\0\0\x1cftypmiaf\0\0\0\0miafavif'],
    ['image/avif', '\0\0\0\x1cftypmsf1\0\0\0\0msf1avis'],
    ['image/heic', '\0\0\0\x1cftypheic\0\0\0\0mif1heic'],
    ['image/heic', '\0\0\0\x1cftypheim\0\0\0\0mif1heic'],
    ['image/heic', '\0\0\0\x1cftyphevs\0\0\0\0msf1hevc'],
    ['image/heif', '\0\0\0\x1cftypmif1\0\0\0\0mif1heic'],
    ['video/mp4', '\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41'],
    ['video/mp4', '\0\0\0\x14ftypiso7\0\0\0\0iso7'],
    ['video/mp4', '\0\0\0\x14ftypiso9\0\0\0\0iso9'],
    ['video/mp4', '\0\0\0\x14ftypdby1\0\0\0\0dby1'],
    ['video/quicktime', '\0\0\0\x14ftypqt  \0\0\0\0qt  '],
    ['video/3gpp', '\0\0\0\x14ftyp3gp4\0\0\0\x003gp4'],
    ['video/webm', '\x1a\x45\xdf\xa3\x8b\x42\x82\x84webm\x42\x87\x81\x02'],
    ['video/matroska', '\x1a\x45\xdf\xa3\x8f\x42\x82\x88matroska\x42\x87\x81\x02'],
    ['audio/mp4', '\0\0\0\x14ftypM4A \0\0\0\0M4A '],
    ['audio/mpeg', 'ID3\x04\0\0\0\0\0\0\xff\xfb\x90\x00'],
    ['audio/mpeg', '\xff\xfb\x90\x00'],
    ['audio/aac', '\xff\xf1\x50\x80'],
    ['audio/flac', 'fLaC\0\0\0\x22'],
    ['audio/wav', 'RIFF\x10\0\0\0WAVEfmt '],
    ['audio/ogg', 'OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead'],
    ['text/vtt', 'WEBVTT\n\n00:00'],
    ['text/vtt', 'WEBVTT'],
    ['text/vtt', '\xef\xbb\xbfWEBVTT - Subtitles'],
    ['application/x-subrip', '1\r\n00:00:01,000 --> 00:00:02,000\r\nA'],
    ['application/x-subrip', '\xef\xbb\xbf1\n00:00:01,000 --> 00:00:02,000\nA'],
    ['application/x-subrip', '1\r\n00:00:01,000 --> 00:00:02,000\r\n\xb0\xed\xbe\xe7\xc0\xcc'],
    ['application/x-subrip', '1\r00:00:01,000 --> 00:00:02,000\rA'],
    ['application/x-subrip', '00:00:01,000 --> 00:00:02,000\nA'],
    ['application/x-subrip', '1\n\n  100:00:01,000 --> 100:00:02,000\nA'],
    ['application/x-subrip', '1\n00:01,000 --> 00:02,000\nA'],
    ['application/x-subrip', utf16('1\r\n00:00:01,000 --> 00:00:02,000\r\n고양이', 'le')],
    ['application/x-subrip', utf16('1\r\n00:00:01,000 --> 00:00:02,000\r\n고양이', 'be')],
    ['image/tiff', `II*\0\x08\0\0\0\x01\0\0\x01\x03\0\x01${'\0'.repeat(20)}`],
    ['image/bmp', 'BM\x36\0\0\0\0\0'],
    ['image/jxl', '\0\0\0\x0cJXL \r\n\x87\n'],
    ['audio/aiff', 'FORM\0\0\0\x10AIFFCOMM'],
    ['audio/amr', '#!AMR\n'],
    ['video/avi', 'RIFF\x10\0\0\0AVI LIST'],
    ['video/x-flv', 'FLV\x01\x05'],
    ['video/mpeg', '\0\0\x01\xba\x44'],
    ['audio/wav', 'RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0'],
    ['audio/wav', 'BW64\xff\xff\xff\xffWAVEds64\x1c\0\0\0'],
    ['audio/wav', 'RIFX\0\0\0\x0aWAVEfmt \0\0\0\x10'],
    ['audio/x-adif', 'ADIF\x10\x20\0\0'],
    ['video/quicktime', `${box('skip', 4)}${box('ftyp', 12, 'qt  \0\0\0\0qt  ')}`],
    ['video/quicktime', `${box('pnot', 12)}${box('PICT', 100)}${box('moov', 20)}`],
    ['video/quicktime', `${box('wide', 0)}${box('mdat', 100)}`],
    ['video/quicktime', `${box('free', 4)}${box('mdat', 100)}`],
    ['video/quicktime', `\0\0\0\x01mdat\0\0\0\x01${'\0'.repeat(100)}`],
    ['video/quicktime', box('moov', 20)],
    ['video/quicktime', box('skip', 50_000)],
    ['video/mp4', `${box('free', 300)}${box('ftyp', 12, 'isom\0\0\0\0isom')}`],
    ['video/mp4', `${box('uuid', 40)}${box('skip', 0)}${box('ftyp', 12, 'mp42\0\0\0\0isom')}`],
    ['audio/mp4', `${box('skip', 4)}${box('ftyp', 12, 'M4A \0\0\0\0M4A ')}`],
    ['application/octet-stream', '\x01\0\xfe\xff\x02\0\xfd\xff'],
  ])('prove %s', async (type, head) => {
    expect(await provenType(bytes(head))).toBe(type)
  })

  it.each([
    ['an empty file', ''],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['SVG with a declaration', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['HTML', '<!doctype html><script>'],
    ['HTML in UTF-16', utf16('<!doctype html><script>', 'le')],
    ['HTML with a NUL', '\n<html>\0<script>'],
    ['PDF', '%PDF-1.7'],
    ['ZIP', 'PK\x03\x04'],
    ['a program', 'MZ\x90\0\x03\0\0\0'],
    ['HTML after a box of padding', `${box('skip', 4)}<html><script>`],
    ['a text that names a box', 'let skip this'],
    ['a PNG cut short', '\x89PNG\r\n'],
    ['a text that begins like subtitles', 'WEBVTTX'],
    ['a text that begins with a number', '1\nchapter'],
  ])('refuse %s', async (_, head) => {
    expect(await provenType(bytes(head))).toBeNull()
  })
})

describe('the address of a media file', () => {
  const api = 'http://127.0.0.1:8080/base'

  it.each(['https://media.carat.im/1.png', 'http://127.0.0.1:8080/media/1', 'https://1.2.3.4/x'])(
    'may be %s',
    (address) => {
      expect(isMediaAddress(address, api)).toBe(true)
    },
  )

  it.each([
    'http://media.carat.im/1.png',
    'http://127.0.0.1:8081/media/1',
    'http://localhost:8080/media/1',
    'https://ada:secret@media.carat.im/1.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'javascript:alert(1)',
    'smb://host/share',
    '\\\\host\\share',
    '//media.carat.im/1.png',
    '',
  ])('may not be %s', (address) => {
    expect(isMediaAddress(address, api)).toBe(false)
  })
})
