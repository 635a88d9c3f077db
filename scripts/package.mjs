/**
 * `npm run package`: builds the installers of this system in dist/. Further arguments go to electron-builder, such as `--dir`.
 * Without a certificate in `CSC_LINK` or `CSC_NAME`, macOS gets an ad-hoc signature: Apple silicon runs nothing without one.
 */
import { join } from 'node:path'
import { exitLike, run } from './run.mjs'
import { build, install, root, runtime } from './setup.mjs'

await install()
await build()
const isSigned = Boolean(process.env.CSC_LINK || process.env.CSC_NAME)
const notarize = `-c.mac.notarize=${isSigned && Boolean(process.env.APPLE_API_KEY)}`
const signature = isSigned ? [notarize] : ['-c.mac.identity=-', notarize]
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js')
exitLike(await run(runtime(), [builder, '--publish=never', ...signature, ...process.argv.slice(2)]))
