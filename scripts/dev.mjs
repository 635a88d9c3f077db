/**
 * `npm run dev`: installs and builds what is missing, then serves the page with hot reload over a running browser host.
 */
import { join } from 'node:path'
import { exitLike, run } from './run.mjs'
import { build, install, root, runtime } from './setup.mjs'

await install()
await build()
exitLike(await run(runtime(), [join(root, 'scripts', 'dev-server.ts'), ...process.argv.slice(2)]))
