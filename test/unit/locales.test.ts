// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the samples are source code
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../src/shared/errors.ts'
import { sourceTexts } from '../support/source-texts.ts'

const root = join(import.meta.dirname, '../..')
const locales = { ko: texts('ko'), en: texts('en') }
const sources = globSync(['src/**/*.{ts,tsx}', 'scripts/*.mjs'], { cwd: root }).map((file) => ({
  file,
  ...sourceTexts(file, readFileSync(join(root, file), 'utf8')),
}))
const knownKeys = [...byBaseKey(locales.en).keys()]
/** Names that are the same in every language. */
const properNames = ['Carat', 'carat.im']

/** A locale file as `a.b.c` → text. */
type Texts = Map<string, string>

function texts(locale: string): Texts {
  return flat(JSON.parse(readFileSync(join(root, `resources/locales/${locale}.json`), 'utf8')))
}

function flat(node: object, path = ''): Texts {
  return new Map(
    Object.entries(node).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[path + name, value]] : [...flat(value, `${path}${name}.`)],
    ),
  )
}

/** The keys that stand behind a later one of the same group. */
function outOfOrder(locale: Texts): string[] {
  const keys = [...locale.keys()].map((key) => key.split('.'))
  return keys.flatMap((key, index) => {
    const before = keys[index - 1] ?? []
    const from = key.findIndex((name, depth) => name !== before[depth])
    return (before[from] ?? '') > (key[from] ?? '') ? [key.join('.')] : []
  })
}

/** Key without its plural ending → ending → text. Only a key with an `_other` beside it has such endings. */
function byBaseKey(locale: Texts): Map<string, Map<string, string>> {
  const keys = new Map<string, Map<string, string>>()
  for (const [key, text] of locale) {
    const [, base = key, ending = ''] = /^(.+)_(zero|one|two|few|many|other)$/.exec(key) ?? []
    const plural = locale.has(`${base}_other`)
    const name = plural ? base : key
    keys.set(name, (keys.get(name) ?? new Map()).set(plural ? ending : '', text))
  }
  return keys
}

/** The names in `{{name}}` and `{{name, format}}`, sorted. */
function placeholders(text = ''): string {
  return [...text.matchAll(/{{\s*(\w+)[^}]*}}/g)]
    .map(([, name]) => name)
    .sort()
    .join()
}

/** The differences between two locale files, as sentences. */
function differences(ko: Texts, en: Texts): string[] {
  const [korean, english] = [byBaseKey(ko), byBaseKey(en)]
  const found: string[] = []
  for (const key of new Set([...korean.keys(), ...english.keys()])) {
    const [koForms, enForms] = [korean.get(key), english.get(key)]
    if (!koForms || !enForms) {
      found.push(`${key}: only in ${koForms ? 'ko' : 'en'}`)
      continue
    }
    for (const [locale, forms] of Object.entries({ ko: koForms, en: enForms })) {
      const needed = forms.has('') ? [''] : new Intl.PluralRules(locale).resolvedOptions().pluralCategories
      const given = [...forms.keys()].sort().join()
      if (given !== [...needed].sort().join()) found.push(`${key}: ${locale} has the plural forms ${given}`)
    }
    const [koNames, enNames] = [koForms, enForms].map((forms) => placeholders(forms.get('other') ?? forms.get('')))
    if (koNames !== enNames) found.push(`${key}: different placeholders`)
  }
  return found
}

/** Whether a key or a pattern with `*` names this key. */
function names(pattern: string, key: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.+')}$`).test(key)
}

/** Excludes patterns such as `*` or `*: *`, which match every key. */
const isKeyLike = (text: string) => /^[a-zA-Z]+\.[^\s]*$/.test(text)

const missing = (translated: string[], keys: string[]) =>
  translated.filter((pattern) => !keys.some((key) => names(pattern, key)))

const unused = (strings: string[], keys: string[]) => {
  const patterns = [...new Set(strings)].filter(isKeyLike)
  return keys.filter((key) => !patterns.some((pattern) => names(pattern, key)))
}

/**
 * Keys of texts with a Korean particle after an unknown word: its last sound decides between 을 and 를, or 이 and 가.
 * Credits always end in 크레딧, so they are known. A closing bracket between word and particle is skipped.
 */
const guessedParticles = (locale: Texts): string[] =>
  [...locale].flatMap(([key, text]) =>
    /\{\{\s*\w+(?:,\s*(?!credits)\w+)?\s*\}\}(?:<\/\w+>|[’”」])?(?:\([을이은과]\))?(?:[을를이가은는과와]|으로|로|이?에요|예요)(?![가-힣])/u.test(
      text,
    )
      ? [key]
      : [],
  )

describe('the locale files', () => {
  it('put no Korean particle after an unknown word', () => {
    expect(guessedParticles(locales.ko)).toEqual([])
  })

  it('have the same keys, plural forms and placeholders', () => {
    expect(differences(locales.ko, locales.en)).toEqual([])
  })

  it('have their keys in alphabetical order', () => {
    expect(Object.values(locales).map(outOfOrder)).toEqual([[], []])
  })

  it('have a text for every error code', () => {
    expect(errorCodes.filter((code) => !locales.en.has(`error.${code}`))).toEqual([])
  })

  it('have every key that the sources translate', () => {
    expect(
      sources.flatMap(({ file, translated }) => missing(translated, knownKeys).map((key) => `${file}: ${key}`)),
    ).toEqual([])
  })

  it('have no unused key', () => {
    const strings = sources.flatMap((source) => source.strings)
    expect(unused(strings, knownKeys)).toEqual([])
  })

  it('contain every text that the page shows', () => {
    const pages = sources.filter(({ file }) => /^src[\\/]renderer[\\/].*\.tsx$/.test(file))
    expect(pages.length).toBeGreaterThan(0)
    expect(
      pages.flatMap(({ file, raw }) =>
        raw.filter((text) => !properNames.includes(text)).map((text) => `${file}: ${text}`),
      ),
    ).toEqual([])
  })
})

describe('the pieces of a line', () => {
  it('are joined by middleDot, so that no line starts with a dot', () => {
    const files = globSync('src/renderer/**/*.{ts,tsx}', { cwd: root }).filter((file) => !file.includes('i18n'))
    expect(files.length).toBeGreaterThan(100)
    expect(files.filter((file) => readFileSync(join(root, file), 'utf8').includes('·'))).toEqual([])
  })
})

describe('the checks of the locale files', () => {
  it.each([
    ['a missing key', { a: 'x', b: 'y' }, { a: 'x' }, ['b: only in ko']],
    ['a lost placeholder', { a: '{{n}}개' }, { a: 'some' }, ['a: different placeholders']],
    ['a renamed placeholder', { a: '{{n}}개' }, { a: '{{count, number}}' }, ['a: different placeholders']],
    ['a missing plural', { a_other: '개' }, { a_other: 'items' }, ['a: en has the plural forms other']],
    [
      'a plural form that Korean lacks',
      { a_one: '개', a_other: '개' },
      { a_one: 'i', a_other: 'is' },
      ['a: ko has the plural forms one,other'],
    ],
    ['no difference', { a: { b_other: '{{n}}' } }, { a: { b_one: 'one', b_other: '{{n, number}}' } }, []],
  ])('find %s', (_, ko, en, found) => {
    expect(differences(flat(ko), flat(en))).toEqual(found)
  })

  it.each([
    ['{{name}}이 없어요', ['a']],
    ['‘{{name}}’(을)를 찾아요', ['a']],
    ['{{at, dateTime}}이 지나면', ['a']],
    ['다르게 읽으면 ‘{{name}}’예요.', ['a']],
    ['{{amount, credits}}이 차감됐어요', []],
    ['오류({{status}})로 답했어요', []],
    ['{{name}} 이벤트', []],
  ])('find the guessed particle in %s', (text, found) => {
    expect(guessedParticles(flat({ a: text }))).toEqual(found)
  })

  it.each([
    ["t('status.gone')", ['status.gone']],
    ["i18n.t('status.gone', { count: 1 })", ['status.gone']],
    ["t(done ? 'status.done' : 'status.gone')", ['status.gone']],
    ['t(`nothing.${value}`)', ['nothing.*']],
    ['const text = <Trans i18nKey="status.gone" />', ['status.gone']],
    ['t(`status.${value}`)', []],
    ["say('status.done')", []],
  ])('find the missing keys in %s', (code, found) => {
    expect(missing(sourceTexts('sample.tsx', code).translated, ['status.done'])).toEqual(found)
  })

  it.each([
    ["t('status.done')", ['status.open']],
    ["const key = 'status.open'", ['status.done']],
    ['t(`status.${value}`)', []],
    ['const text = `${a}: ${b}`', ['status.done', 'status.open']],
  ])('find the keys that %s leaves unused', (code, found) => {
    expect(unused(sourceTexts('sample.tsx', code).strings, ['status.done', 'status.open'])).toEqual(found)
  })

  it.each([
    ['<p>Hello</p>', ['Hello']],
    ['<p>크레딧</p>', ['크레딧']],
    ['<><b>{3}</b> left</>', ['left']],
    ["<p>{late ? 'Late' : t('status.done')}</p>", ['Late']],
    ['<p>{late && `${days} days`}</p>', ['* days']],
    ['<img alt="Logo" />', ['Logo']],
    ['<button aria-label={`Close ${name}`} />', ['Close *']],
    ['<input placeholder="Search" title="Find" />', ['Search', 'Find']],
    ['<p className="lines">{t(`status.${value}`)} · 1.0 — {name}</p>', []],
  ])('find the untranslated text in %s', (code, found) => {
    expect(sourceTexts('sample.tsx', `const page = ${code}`).raw).toEqual(found)
  })
})
