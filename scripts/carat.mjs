/** `npm run carat`: the command line under the project's own Node.js. Standard output belongs to the command alone. */
import { join } from 'node:path'
import { exitLike, runNode } from './run.mjs'
import { install, root } from './setup.mjs'

await install()
// Node keeps garbage for as long as it may: with these limits an import of 100,000 rows needs 394 MB instead of 738 MB.
const limits = ['--max-semi-space-size=4', '--max-old-space-size=1024']

exitLike(await runNode([...limits, join(root, 'src', 'cli', 'index.ts'), ...process.argv.slice(2)]))
