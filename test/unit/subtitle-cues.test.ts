import { describe, expect, test } from 'vitest'
import { subtitleCues } from '../../src/core/domain/subtitle-cues.ts'
import fc from '../support/fast-check.ts'

describe('the cues of subtitles', () => {
  test('are read from SubRip, with several lines and without markup', () => {
    const file =
      '1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>첫 줄</i>\r\n둘째 줄\r\n\r\n2\r\n01:02:03,04 --> 01:02:04,000\r\n{\\an8}끝'
    expect(subtitleCues(file)).toEqual([
      { startMs: 1_000, endMs: 2_500, text: '첫 줄\n둘째 줄' },
      { startMs: 3_723_040, endMs: 3_724_000, text: '끝' },
    ])
  })

  test('are read from WebVTT, without notes, styles, names and settings', () => {
    const file =
      'WEBVTT - title\n\nNOTE a\nnote\n\nSTYLE\n::cue {}\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v 하늘>A &amp; B &lt;3\n\n00:03.000 --> 00:04.000\n\n'
    expect(subtitleCues(file)).toEqual([{ startMs: 1_000, endMs: 2_000, text: 'A & B <3' }])
  })

  test('are limited to 5,000', () => {
    expect(subtitleCues('00:01.000 --> 00:02.000\nx\n\n'.repeat(6_000))).toHaveLength(5_000)
  })

  test('are found in any text without a failure, in time that grows with its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789:,.-> <{\\}&;\n가'), maxLength: 300 }), (text) => {
        for (const cue of subtitleCues(text)) expect(cue.endMs).toBeGreaterThanOrEqual(0)
      }),
    )
    // A quadratic search for markup would take minutes.
    for (const open of ['<', '{\\', '&']) {
      expect(subtitleCues(`00:01.000 --> 00:02.000\n${open.repeat(1_000_000)}`)).toHaveLength(1)
    }
  })
})
