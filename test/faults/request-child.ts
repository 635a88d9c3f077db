/** Sends one request to the service at the first argument, through the proxy of the second; prints the answer as JSON. */
import { systemClock } from '../../src/core/host/clock.ts'
import { setProxy } from '../../src/core/service/network.ts'
import { createTransport } from '../../src/core/service/transport.ts'
import { AppError } from '../../src/shared/errors.ts'

const [api = '', proxy] = process.argv.slice(2)
setProxy(proxy || null)
const secrets = { accessToken: async () => 'token', refresh: async () => null, account: async () => null }
const transport = createTransport({ api, secrets, clock: systemClock(new Float64Array(1)) })
const answer = await transport.json('/v1/me', {}, AbortSignal.timeout(20_000)).then(
  ({ body }) => ({ body }),
  (error) => (error instanceof AppError ? error.toView() : { error: String(error) }),
)
process.stdout.write(JSON.stringify(answer), () => process.exit())
