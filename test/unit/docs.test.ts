import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['*.md', 'docs/**/*.md', '.github/**/*.md'], { cwd: root })
const read = (page: string) => readFileSync(join(root, page), 'utf8')
const sourceFolders = /^(src|test|scripts|resources|docs|\.github)\//

/** Paths in backquotes from the root of the project. Recipes write names of new files with `<…>` or `…`. */
function namedFiles(text: string): string[] {
  return [...text.matchAll(/`([\w./-]+)`/g)]
    .map(([, path]) => path as string)
    .filter((path) => sourceFolders.test(path))
}

/** Links to other pages and files, without their heading. */
function links(text: string): string[] {
  return [...text.matchAll(/]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target as string).replace(/#.*/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}

it.each(pages)('%s names only files and folders that exist', (page) => {
  expect(namedFiles(read(page)).filter((path) => !existsSync(join(root, path)))).toEqual([])
})

it.each(pages)('%s links only to pages and files that exist', (page) => {
  const folder = join(root, dirname(page))
  expect(links(read(page)).filter((target) => !existsSync(join(folder, target)))).toEqual([])
})

it.each(['docs', 'docs/decisions'])('the index of %s lists every page of the folder', (folder) => {
  const index = links(read(`${folder}/README.md`))
  const own = globSync('*.md', { cwd: join(root, folder) }).filter((name) => name !== 'README.md')
  expect(own.filter((name) => !index.includes(name))).toEqual([])
})
