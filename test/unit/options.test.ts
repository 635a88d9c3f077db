import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { errorMessage, label } from '../../src/core/host/messages.ts'
import { checkRuntime } from '../../src/core/host/runtime.ts'
import { openSettingsFile, settingsStore } from '../../src/core/host/settings.ts'
import { languageOf, parseStartOptions, requestedLanguage, type System } from '../../src/core/host/start-options.ts'
import { prepareDataFolder } from '../../src/core/store/file/data-folder.ts'
import { errorCodes } from '../../src/shared/errors.ts'
import { firstSettings, temporaryFolder } from '../support/core.ts'
import fc from '../support/fast-check.ts'

const linux: System = { platform: 'linux', env: {}, home: '/home/ada', cwd: '/home/ada/films', exists: () => false }
const parse = (args: string[], system: Partial<System> = {}) => parseStartOptions(args, { ...linux, ...system })
const failure = (args: string[], env: System['env'] = {}) => {
  try {
    return parse(args, { env })
  } catch (error) {
    return (error as { toView(): unknown }).toView()
  }
}

describe('start options', () => {
  it('have defaults', () => {
    expect(parse([])).toEqual({
      browser: false,
      open: true,
      port: 0,
      dataDir: '/home/ada/.local/share/Carat Companion/sample',
      api: null,
      language: null,
      fixedNow: null,
      token: null,
    })
  })

  it('accept every option in both spellings', () => {
    const env = { CARAT_NOW: '2026-01-28T09:00:00+09:00', CARAT_TOKEN: 'secret' }
    const expected = {
      browser: true,
      open: false,
      port: 8080,
      dataDir: '/data/mine',
      api: 'https://api.example.com/base',
      language: 'both',
      fixedNow: Date.UTC(2026, 0, 28),
      token: 'secret',
    }
    const api = 'https://api.example.com/base/'
    expect(
      parse(['--browser', '--no-open', '--port', '8080', '--data', '/data/mine', '--api', api, '--lang', 'both'], {
        env,
      }),
    ).toEqual(expected)
    expect(
      parse(['--browser', '--no-open', '--port=8080', '--data=/data/mine', `--api=${api}`, '--lang=both'], { env }),
    ).toEqual(expected)
  })

  it('resolve --data against the working directory', () => {
    expect(parse(['--data', 'mine']).dataDir).toBe('/home/ada/films/mine')
    expect(parse(['--data', '../x'], { cwd: 'C:\\Users\\ada', platform: 'win32' }).dataDir).toBe('C:\\Users\\x')
    expect(parse(['--data', '/d', '--api', 'http://127.0.0.1:1']).dataDir).toBe('/d')
  })

  it.each<[NodeJS.Platform, System['env'], string, string]>([
    ['linux', { XDG_DATA_HOME: '/xdg' }, '/home/ada', '/xdg/Carat Companion'],
    ['darwin', {}, '/Users/ada', '/Users/ada/Library/Application Support/Carat Companion'],
    ['win32', { LOCALAPPDATA: 'C:\\Local', APPDATA: 'C:\\R' }, 'C:\\Users\\ada', 'C:\\Local\\Carat Companion'],
    ['win32', {}, 'C:\\Users\\ada', 'C:\\Users\\ada\\AppData\\Local\\Carat Companion'],
  ])('use the standard data folder of %s', (platform, env, home, folder) => {
    expect(parse(['--api', 'https://a.example'], { platform, env, home }).dataDir).toBe(folder)
    expect(parse([], { platform, env, home }).dataDir).toBe(`${folder}${platform === 'win32' ? '\\' : '/'}sample`)
  })

  it('find the roaming data folder of an earlier version on Windows', () => {
    const old = 'C:\\R\\Carat Companion'
    const env = { LOCALAPPDATA: 'C:\\Local', APPDATA: 'C:\\R' }
    const options = parse(['--api', 'https://a.example'], { platform: 'win32', env, exists: (path) => path === old })
    expect(options.dataDir).toBe(old)
  })

  it.each([
    [['--nope'], { code: 'unknown_option', params: { option: '--nope' } }],
    [['-p', '1'], { code: 'unknown_option', params: { option: '-p' } }],
    [['--constructor'], { code: 'unknown_option', params: { option: '--constructor' } }],
    [['extra'], { code: 'unknown_option', params: { option: 'extra' } }],
    [['--data'], { code: 'missing_argument', params: { option: '--data' } }],
    [['--data', '--browser'], { code: 'missing_argument', params: { option: '--data' } }],
    [['--data='], { code: 'missing_argument', params: { option: '--data' } }],
    [['--browser=yes'], { code: 'invalid_argument', params: { option: '--browser', value: 'yes' } }],
    [['--lang', 'fr'], { code: 'invalid_argument', params: { option: '--lang', value: 'fr' } }],
    ...['65536', '-1', '1.5', '0x10', '1e3', ' 1', 'http'].map((value) => [
      [`--port=${value}`],
      { code: 'invalid_argument', params: { option: '--port', value } },
    ]),
    ...[
      'carat.im',
      'ftp://a',
      'file:///etc',
      'https://ada:secret@a.example',
      'https://a.example/?q=1',
      'https://a/#x',
    ].map((value) => [[`--api=${value}`], { code: 'invalid_argument', params: { option: '--api', value } }]),
  ] as [string[], unknown][])('refuse %j', (args, view) => {
    expect(failure(args)).toEqual(view)
  })

  it.each(['yesterday', '2026-01-28', '2026-02-30T00:00:00Z', '2026-01-28T09:00:00'])(
    'refuse CARAT_NOW=%s',
    (value) => {
      expect(failure([], { CARAT_NOW: value })).toEqual({
        code: 'invalid_argument',
        params: { option: 'CARAT_NOW', value },
      })
    },
  )

  it('accept ports from 0 to 65535', () => {
    expect(parse(['--port', '0']).port).toBe(0)
    expect(parse(['--port', '65535']).port).toBe(65_535)
  })

  it('parse any arguments into options or a known error', () => {
    const word = fc.oneof(
      fc.constantFrom('--port', '--data', '--lang', '--browser', '--api', '--', '-', '='),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (args) => {
        const answer = failure(args) as { code?: string }
        if (answer.code !== undefined) expect(errorCodes).toContain(answer.code)
        requestedLanguage(args)
      }),
    )
  })

  it('keep the requested language even if another argument is invalid', () => {
    expect(requestedLanguage(['--nope', '--lang', 'ko'])).toBe('ko')
    expect(requestedLanguage(['--lang', 'fr'])).toBeNull()
    expect(requestedLanguage([])).toBeNull()
  })
})

describe('the messages of the host', () => {
  const params = {
    path: 'P',
    entry: 'E',
    accounts: 'one, two',
    backup: 'B',
    id: 7,
    host: 'H',
    status: 503,
    option: 'O',
    value: 'V',
    port: 1,
    version: 'X',
    command: 'C',
    address: 'A',
    proxy: 'P',
    reason: 'R',
    from: 'F',
    into: 'I',
  }

  it.each(errorCodes)('explain %s in both languages without open placeholders', (code) => {
    const [english = '', korean = '', ...rest] = errorMessage({ code, params }, 'both').split('\n')
    expect(english).toMatch(/^[^가-힣{}]{20,}\.$/)
    expect(korean).toMatch(/[가-힣]/)
    expect(korean).not.toMatch(/[{}]/)
    expect(rest).toEqual([])
    expect(errorMessage({ code, params }, 'en')).toBe(english)
    expect(errorMessage({ code, params }, 'ko')).toBe(korean)
  })

  it('name a menu in both languages together', () => {
    expect(label('menu.edit', 'both')).toBe('Edit(편집)')
    expect(label('app.name', 'both')).toBe('Carat Companion')
  })
})

describe('settings', () => {
  let folder: ReturnType<typeof temporaryFolder>
  beforeEach(() => {
    folder = temporaryFolder()
  })
  afterEach(() => folder.remove())
  const open = (locale = 'en-GB', language: 'ko' | null = null) =>
    settingsStore(openSettingsFile(folder.path, '1.0.0'), locale, language)
  const content = () => readFileSync(join(folder.path, 'settings.json'), 'utf8')

  it('follow the system until the user chooses', () => {
    expect(open('ko-KR').get()).toEqual(firstSettings)
    expect(open('en-GB').get().language).toBe('en')
    expect([languageOf('ko'), languageOf('kok-IN'), languageOf('en-US-u-va-posix')]).toEqual(['ko', 'en', 'en'])
  })

  it('store only the settings that the user chose', () => {
    expect(open().set({ theme: 'dark' })).toEqual({ ...firstSettings, language: 'en', theme: 'dark' })
    expect(JSON.parse(content())).toEqual({ theme: 'dark' })
    expect(open('ko-KR').get()).toEqual({ ...firstSettings, theme: 'dark' })
  })

  it('use --lang until the user chooses another language', () => {
    const settings = open('en-GB', 'ko')
    expect(settings.get().language).toBe('ko')
    expect(settings.set({ theme: 'light' }).language).toBe('ko')
    expect(settings.set({ language: 'both' }).language).toBe('both')
    expect(JSON.parse(content())).toEqual({ theme: 'light', language: 'both' })
  })

  it('keep what a later version of the app has added', () => {
    const later = { sounds: true, notifications: { ...firstSettings.notifications, sound: 'bell' } }
    writeFileSync(join(folder.path, 'settings.json'), JSON.stringify(later))
    expect(open().set({ theme: 'dark' }).theme).toBe('dark')
    expect(JSON.parse(content())).toEqual({ ...later, theme: 'dark' })
  })

  it.each(['{ broken', '[]', '"text"', '{"language":"fr"}', '{"window":{"width":-1}}', ''])(
    'start with the defaults if the file is damaged: %s',
    (text) => {
      writeFileSync(join(folder.path, 'settings.json'), text)
      expect(open().get()).toEqual({ ...firstSettings, language: 'en' })
      expect(open().set({ density: 'compact' }).density).toBe('compact')
    },
  )
})

describe('the data folder', () => {
  it('is created with its parents', () => {
    const folder = temporaryFolder()
    prepareDataFolder(join(folder.path, 'a/b'))
    writeFileSync(join(folder.path, 'a/b/file'), '')
    folder.remove()
  })

  it('is refused if its path contains a file', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder.path, 'file'), '')
    expect(() => prepareDataFolder(join(folder.path, 'file/below'))).toThrow('data_folder_not_writable')
    expect(() => prepareDataFolder(join(folder.path, 'file'))).toThrow('data_folder_not_writable')
    folder.remove()
  })

  it.runIf(process.platform === 'linux')('is refused below /proc without waiting for ever', () => {
    expect(() => prepareDataFolder('/proc/carat/data')).toThrow('data_folder_not_writable')
  })
})

describe('the runtime', () => {
  it('is refused if it cannot load the SQLite module', () => {
    expect(() => checkRuntime({ node: '20.20.2', napi: '9' })).toThrow('runtime_too_old')
    expect(() => checkRuntime({ node: '12.0.0' })).toThrow('runtime_too_old')
    expect(() => checkRuntime({ node: '22.14.0', napi: '10' })).not.toThrow()
    expect(() => checkRuntime()).not.toThrow()
  })
})
