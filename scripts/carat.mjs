/** `npm run carat`: the command line under the project's own Node.js. Standard output belongs to the command alone. */
import { join } from 'node:path'
import { exitLike, runNode } from './run.mjs'
import { install, root } from './setup.mjs'

await install()
const args = process.argv.slice(2)
// Node keeps garbage for as long as it may: an import of 100,000 rows needs 394 MB instead of 738 MB with 4, an export of 150,000
// rows 94 MB instead of 98 MB with 2.
const young = args.includes('export') ? 2 : 4
const limits = [`--max-semi-space-size=${young}`, '--max-old-space-size=1024']

exitLike(await runNode([...limits, join(root, 'src', 'cli', 'index.ts'), ...args]))
