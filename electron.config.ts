import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  main: {
    build: {
      rolldownOptions: { input: { index: path('src/main/index.ts'), host: path('src/browser-host/index.ts') } },
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
    plugins: [react()],
    build: {
      minify: true,
      // One bundle: it comes from the disk beside it.
      chunkSizeWarningLimit: 1_000,
      rolldownOptions: { input: path('src/renderer/index.html') },
    },
  },
})
