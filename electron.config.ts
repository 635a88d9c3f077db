import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { minifySync, type Plugin } from 'vite'
import { hostTexts } from './src/shared/values.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** Fails the build where anything but Electron's own entry loads Electron: under plain Node.js that starts a download. */
function onlyOneEntryKnowsElectron(): Plugin {
  return {
    name: 'only-one-entry-knows-electron',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk' || file.fileName === 'index.js') continue
        const stray = [...file.imports, ...file.dynamicImports].find((name) => /^electron(\/|-store|$)/.test(name))
        if (stray) this.error(`${file.fileName} imports ${stray}`)
      }
    },
  }
}

/** An import of `node:http` reads all its exports, and one of them loads the whole HTTP client: 20 ms in each thread's start. */
function httpWithoutItsClient(): Plugin {
  const statement = /^import (?:\* as (\w+)|(\{[^}]*\})) from "node:http";$/gm
  return {
    name: 'http-without-its-client',
    renderChunk: (code) => ({
      code: code.replace(statement, (_, all: string | undefined, some = '') => {
        return `const ${all ?? some.replaceAll(' as ', ': ')} = process.getBuiltinModule("node:http");`
      }),
      map: null,
    }),
  }
}

/**
 * Minifies the packages and leaves our own code as it is, so that stacks in the log name its functions and lines. The bundler puts
 * the path of each module before it; only names below the top level get shorter, because other modules use the rest.
 */
function smallPackages(): Plugin {
  const options = { mangle: { toplevel: false }, compress: { unused: false }, codegen: { removeWhitespace: true } }
  return {
    name: 'small-packages',
    // Later than `renderChunk`, after which the bundler prints all code again.
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue
        const modules = file.code.split(/^(?=\/\/ \S+$)/m).map((module) => {
          if (!module.startsWith('// node_modules/')) return module
          const { code, errors } = minifySync(file.fileName, module, { module: true, ...options })
          return errors[0] ? this.error(`${file.fileName}: ${errors[0].message}`) : `${code}\n`
        })
        file.code = modules.join('')
      }
    },
  }
}

/** Leaves out of the page what only hosts say: it would be read before the first paint. */
function onlyTextsOfThePage(): Plugin {
  return {
    name: 'only-texts-of-the-page',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/locales\/\w+\.json$/.test(id)) return
      const texts = Object.entries(JSON.parse(code)).filter(([group]) => !hostTexts.some((name) => name === group))
      return { code: JSON.stringify(Object.fromEntries(texts)), map: null }
    },
  }
}

/** Runs `early.ts` as soon as it is there: as an import of the page it would wait for the whole script, and the style sheet. */
function earlyScriptFirst(): Plugin {
  return {
    name: 'early-script-first',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const early = Object.values(bundle ?? {}).find(({ name }) => name === 'early')
        const first = '<script type="module"'
        return early
          ? html.replace(first, `${first} async crossorigin src="./${early.fileName}"></script>\n    ${first}`)
          : html
      },
    },
  }
}

export default defineConfig({
  main: {
    plugins: [onlyOneEntryKnowsElectron(), httpWithoutItsClient(), smallPackages()],
    build: {
      // In few files instead of hundreds, which every start would read. Only the native SQLite module stays a package.
      externalizeDeps: {
        exclude: [
          '@exodus/bytes',
          '@hono/node-server',
          '@xmldom/xmldom',
          'conf',
          'electron-store',
          'electron-updater',
          'eventsource-parser',
          'exifreader',
          'file-type',
          'hono',
          'hucre',
          'i18next',
          'munkres',
          'music-metadata',
          'oauth4webapi',
          'papaparse',
          'parse5',
          'ws',
          'yauzl',
          'yazl',
          'zod',
        ],
      },
      rolldownOptions: {
        input: {
          index: path('src/main/index.ts'),
          host: path('src/browser-host/index.ts'),
          // Any thread starts them, so no entry can name them by `?nodeWorker`.
          'table-reader-thread': path('src/core/import/table-reader-thread.ts'),
          'file-reader-thread': path('src/core/folders/file-reader-thread.ts'),
        },
        // A tenth smaller.
        output: {
          comments: { jsdoc: false, annotation: false },
          // The package leaves the browser host out by this name.
          chunkFileNames: ({ facadeModuleId }) =>
            `chunks/${facadeModuleId?.includes('/browser-host/') ? 'browser-' : ''}[name]-[hash].js`,
        },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload script is CommonJS and cannot require packages.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: path('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    plugins: [react(), onlyTextsOfThePage(), earlyScriptFirst()],
    build: {
      minify: true,
      // One style sheet: the order of its rules must not depend on which screen comes first.
      cssCodeSplit: false,
      rolldownOptions: {
        input: path('src/renderer/index.html'),
        // One file for what every screen needs: a tenth smaller than the dozen that screens would share.
        output: {
          codeSplitting: {
            groups: [
              { name: 'early', test: /[\\/]renderer[\\/]early\.ts$/, priority: 1 },
              { name: 'start', tags: ['$initial'] },
            ],
          },
        },
      },
    },
  },
})
