/** `npm run build`: installs and builds whatever is missing or older than the sources. */
import { build, install } from './setup.mjs'

await install()
await build()
