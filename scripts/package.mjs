/**
 * `npm run package`: builds the installers of this system in dist/. Further arguments go to electron-builder, such as `--dir`.
 * Without a certificate in `CSC_LINK` or `CSC_NAME`, macOS gets an ad-hoc signature: Apple silicon runs nothing without one.
 * A signed app updates itself from the address in `CARAT_UPDATE_URL`. An unsigned one never does: nothing would prove its updates.
 */
import { join } from 'node:path'
import { exitLike, run } from './run.mjs'
import { build, install, root, runtime } from './setup.mjs'

await install()
await build()
const isSigned = Boolean(process.env.CSC_LINK || process.env.CSC_NAME)
const notarize = `-c.mac.notarize=${isSigned && Boolean(process.env.APPLE_API_KEY)}`
const signature = isSigned ? [notarize] : ['-c.mac.identity=-', notarize]
const address = process.env.CARAT_UPDATE_URL
const updates = isSigned && address ? ['-c.publish.provider=generic', `-c.publish.url=${address}`] : []
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js')
exitLike(await run(runtime(), [builder, '--publish=never', ...signature, ...updates, ...process.argv.slice(2)]))
