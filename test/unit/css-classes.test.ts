import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../src/renderer')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** The name under which a file imports a CSS module, and the path of the module. */
const moduleImport = /import (\w+) from '([^']+\.module\.css)'/g

const uses = globSync('**/*.{ts,tsx}', { cwd: root }).flatMap((file) => {
  const code = read(file)
  return [...code.matchAll(moduleImport)].map(([, name = '', path = '']) => ({
    file,
    css: join(dirname(file), path),
    names: [...code.matchAll(new RegExp(`\\b${name}\\.(?!module\\.css)(\\w+)`, 'g'))].flatMap(([, used = '']) => used),
    isIndexed: code.includes(`${name}[`),
  }))
})

const classesOf = (css: string) =>
  new Set(
    [
      ...read(css)
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .matchAll(/\.([a-z]\w*)/gi),
    ].map(([, name = '']) => name),
  )

/** Classes of `base.css` that modules name in their selectors. */
const globalClasses = classesOf('styles/base.css')

it('defines every class that a component uses', () => {
  const missing = uses.flatMap(({ file, css, names }) =>
    names.filter((name) => !classesOf(css).has(name)).map((name) => `${file}: ${name}`),
  )
  expect(missing).toEqual([])
})

it('uses every class that a module defines', () => {
  const unused = globSync('**/*.module.css', { cwd: root }).flatMap((css) => {
    const users = uses.filter((use) => use.css === css)
    if (users.some(({ isIndexed }) => isIndexed)) return []
    const used = new Set(users.flatMap(({ names }) => names))
    return [...classesOf(css)]
      .filter((name) => !used.has(name) && !globalClasses.has(name))
      .map((name) => `${css}: ${name}`)
  })
  expect(unused).toEqual([])
})
