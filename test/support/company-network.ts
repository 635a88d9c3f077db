/** A company's network on this machine: a service with a certificate of its own authority, and a proxy in front of it. */
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'

/** Made for these tests; nothing trusts it. Valid for a hundred years. */
export const authority = `-----BEGIN CERTIFICATE-----
MIIBiTCCAS+gAwIBAgIUB+Wg269O++jmiUl7uDIUFa5HxqMwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTI4MTUwMjE3WhgPMjEy
NjExMDQxNTAyMTdaMBkxFzAVBgNVBAMMDlRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEVa//2uLuC4WFXGwAhOmxVs4AyjuGmL+K8ZPEABe7
XSlt0y6kabNqkf689/R72M1ZMwaoxt9KkmiuhTJlAwBtfKNTMFEwHQYDVR0OBBYE
FLeJNWXqvAOl43xCgkD8PqYOYQL9MB8GA1UdIwQYMBaAFLeJNWXqvAOl43xCgkD8
PqYOYQL9MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAM/yG164
6iSta6kz1MhjBYwV+zcauq3MSwpwK2jH3tnUAiAXACADTqhg50e8AlTEw82nP6HL
8y8+VylTsaj4wu62Dw==
-----END CERTIFICATE-----
`
const certificate = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUOgAwIBAgIUeRrgw9dMAedZgc6Sa6xcHQTk6Y8wCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTI4MTUwMjE3WhgPMjEy
NjExMDQxNTAyMTdaMBQxEjAQBgNVBAMMCTEyNy4wLjAuMTBZMBMGByqGSM49AgEG
CCqGSM49AwEHA0IABGXDKA4FgodiUbsoDn4Z1Z6sU1IT806kzhQMYkQTj1jWtqBz
N2mtjY3OcEgtpW4JKkvd6qLWk+owL004hfYSITejbDBqMCgGA1UdEQQhMB+HBH8A
AAGCCWxvY2FsaG9zdIIMc2VydmljZS50ZXN0MB0GA1UdDgQWBBT+BYyzTtF2rU4k
bMnNdPuSjdwvXDAfBgNVHSMEGDAWgBS3iTVl6rwDpeN8QoJA/D6mDmEC/TAKBggq
hkjOPQQDAgNHADBEAiBtgtwE5lHuYRpMig6bZrnIVJzeSSC4QH37Fw1f+vdj2AIg
Uzas+pdVh0xuXTP2oUAxu77yb3e+J3n7Es2JlzV9aFA=
-----END CERTIFICATE-----
`
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgcF6TmsFFxrRhFUt8
n42zeoH8wQgzYNIx1JYnbg9dhGGhRANCAARlwygOBYKHYlG7KA5+GdWerFNSE/NO
pM4UDGJEE49Y1ragczdprY2NznBILaVuCSpL3eqi1pPqMC9NOIX2EiE3
-----END PRIVATE KEY-----
`

/** Starts a secure server with a certificate for 127.0.0.1 and `service.test`. */
export async function secureService(answer: RequestListener) {
  const server = createSecureServer({ cert: certificate, key }, answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close: () => void server.close() }
}

/** Starts a proxy that connects every host to `port` of this machine, or refuses every request with `status`. */
export async function testProxy(target: { port: number } | { status: number }) {
  const asked: string[] = []
  const server = createServer().on('connect', ({ url }, client) => {
    asked.push(String(url))
    if ('status' in target) return client.end(`HTTP/1.1 ${target.status} Refused\r\ncontent-length: 0\r\n\r\n`)
    const upstream = connect(target.port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'))
    upstream.pipe(client).pipe(upstream)
    for (const socket of [upstream, client]) socket.on('error', () => socket.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { asked, address: `http://127.0.0.1:${port}`, close: () => void server.close() }
}
