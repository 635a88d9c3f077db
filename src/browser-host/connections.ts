import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Connections that have shown no secret of this launch; a page needs about six while it loads. */
const maxStrangers = 32

/** The connections of a server. Those that have not passed the gate are few and are dropped first. */
export interface Connections {
  /** Call when a request of the connection showed a secret: the connection may then stay. */
  pass(socket: Socket): void
}

/**
 * Watches the connections of a server. An error ends its connection only, and a new connection is always let in: the oldest
 * of too many strangers makes room for it.
 */
export function watchConnections(server: Server): Connections {
  const strangers = new Set<Socket>()
  server.on('connection', (socket) => {
    // Also after an upgrade, when the server no longer listens to the socket: a reset must not become an uncaught error.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => strangers.delete(socket))
    strangers.add(socket)
    const [oldest] = strangers
    if (strangers.size > maxStrangers) oldest?.destroy()
  })
  return { pass: (socket) => strangers.delete(socket) }
}
