import { describe, expect, it } from 'vitest'
import { givenBy, givenFile } from '../../src/renderer/screens/import/given.ts'

const transfer = (data: Record<string, string>, files: File[] = []) => ({
  files,
  getData: (type: string) => data[type] ?? '',
})
const table = '<p>사용 내역</p><table><tr><td>1. 28.</td><td>-33</td></tr></table>'
const textOf = (data: Record<string, string>) => givenBy(transfer(data), 'Pasted')?.bytes.text()

describe('what the user pastes', () => {
  it('is the copied page if it has a table', async () => {
    expect(await textOf({ 'text/html': table, 'text/plain': '1. 28. -33' })).toBe(table)
  })

  it('is the plain text if the page has none: the lines of a list are in it', async () => {
    expect(await textOf({ 'text/html': '<div>1. 28.</div>', 'text/plain': '1. 28.\n-33' })).toBe('1. 28.\n-33')
  })

  it('is the page if there is no text at all', async () => {
    expect(await textOf({ 'text/html': '<div>1. 28.</div>' })).toBe('<div>1. 28.</div>')
  })

  it('is a file if files were copied', () => {
    const given = givenBy(transfer({ 'text/plain': 'a.csv' }, [new File(['x'], 'a.csv')]), 'Pasted')
    expect(given?.name).toBe('a.csv')
  })

  it.each<Record<string, string>>([{}, { 'text/plain': ' \n' }])('is nothing if it holds no text', (data) => {
    expect(givenBy(transfer(data), 'Pasted')).toBeNull()
  })
})

it('composes the name of a file that macOS wrote decomposed', () => {
  expect(givenFile(new File([], '사용 내역.csv'.normalize('NFD'))).name).toBe('사용 내역.csv')
})
