/** `npm run carat`: the command line under the project's own Node.js. Standard output belongs to the command alone. */
import { join } from 'node:path'
import { exitLike, run } from './run.mjs'
import { install, root, runtime } from './setup.mjs'

await install()
exitLike(await run(runtime(), [join(root, 'src', 'cli', 'index.ts'), ...process.argv.slice(2)]))
