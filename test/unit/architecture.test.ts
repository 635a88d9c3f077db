import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const page = read('docs/architecture.md')

function folders(path: string): string[] {
  const entries = readdirSync(join(root, path), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

it('the architecture page names every top-level entry', () => {
  const made = new Set([
    '.git',
    ...read('.gitignore')
      .split('\n')
      .map((line) => line.replace(/\/$/, '')),
  ])
  const entries = readdirSync(root).filter((name) => !made.has(name))
  expect(entries.filter((name) => !page.includes(`\`${name}\``) && !page.includes(`\n${name}/ `))).toEqual([])
})

it.each([
  ['src', '  '],
  ['src/core', '    '],
])('the architecture page names every folder of %s', (folder, indent) => {
  expect(folders(folder).filter((name) => !page.includes(`\n${indent}${name}/ `))).toEqual([])
})
