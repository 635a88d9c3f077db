import { expect, test } from 'vitest'
import { progressLine } from '../../src/cli/progress-line.ts'

const lineStart = '\r\u001B[K'

function terminal(isTTY: boolean, columns?: number) {
  const written: string[] = []
  return { written, isTTY, columns, write: (text: string) => written.push(text) }
}

test('writes each text over the one before, and removes it at the end', () => {
  const stream = terminal(true)
  const line = progressLine(stream)
  line.show('one')
  line.show('two')
  line.clear()
  expect(stream.written).toEqual([`${lineStart}one`, `${lineStart}two`, lineStart])
})

test('writes nothing to a file or a pipe', () => {
  const stream = terminal(false)
  const line = progressLine(stream)
  line.show('one')
  line.clear()
  expect(stream.written).toEqual([])
})

test('cuts a text that would wrap, with two cells for a Korean letter', () => {
  const narrow = terminal(true, 8)
  progressLine(narrow).show('검사 중이에요')
  progressLine(narrow).show('checking the file')
  expect(narrow.written).toEqual([`${lineStart}검사 중`, `${lineStart}checkin`])
})
