/** `npm run check`: lint, format and types of the whole project, in seconds. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { install, root, runtime } from './setup.mjs'

const colors = process.stdout.isTTY ? [] : ['--colors=off']
const checks = [
  ['@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', ...colors, '.'],
  ['typescript/bin/tsc', '-p', '.'],
]

await install()
// Both run even if the first fails, so that one run shows every error.
const failed = checks.filter(([script, ...args]) => {
  const { status } = spawnSync(runtime(), [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  return status !== 0
})
process.exitCode = failed.length > 0 ? 1 : 0
