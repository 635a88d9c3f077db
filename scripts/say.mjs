import { readFileSync } from 'node:fs'

const locales = { ko: ['ko'], en: ['en'], both: ['en', 'ko'] }
const language = asked(process.argv) ?? (/^ko\b/i.test(Intl.DateTimeFormat().resolvedOptions().locale) ? 'ko' : 'en')

/** The value of `--lang`, undefined if it is missing or unknown. */
function asked(args) {
  const value = args.findLast((arg, index) => arg.startsWith('--lang=') || args[index - 1] === '--lang')
  return Object.keys(locales).find((known) => known === value?.replace('--lang=', ''))
}

/**
 * The sentence `key` of the locale files in the language of `--lang` or of the system; `both` gives one line per language.
 * @param {string} key `launch.noDisplay`
 * @param {Record<string, string>} [params] values of `{{name}}`
 */
export function sentence(key, params = {}) {
  const lines = locales[language].map((locale) => {
    const file = new URL(`../resources/locales/${locale}.json`, import.meta.url)
    const text = key.split('.').reduce((node, name) => node[name], JSON.parse(readFileSync(file, 'utf8')))
    return text.replace(/{{(\w+)}}/g, (_, name) => params[name])
  })
  return lines.join('\n')
}

/** Says a sentence on standard error: standard output belongs to the host and the command line. */
export function say(key, params) {
  console.error(sentence(key, params))
}

/** Says why it cannot go on, and ends the process. */
export function fail(key, params) {
  say(key, params)
  process.exit(1)
}
