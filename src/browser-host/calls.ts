/** The calls of a page over its WebSocket, and the events for it. */
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { createStructureLimit } from '../core/service/structure-limit.ts'
import type { HostCore } from '../core/workers/launch.ts'

/** A call, or the message that the user returned to the page. */
const Frame = z.union([
  z.strictObject({ id: z.int(), route: z.string().max(64), input: z.unknown() }),
  z.strictObject({ wake: z.literal(true) }),
])

/** Calls of a page that may be open at once. Those beyond wait in the connection. */
const maxOpenCalls = 256
/** Bytes that may wait for a page that does not read, such as that of a frozen tab. */
const maxUnread = 32 * 2 ** 20

const invalidInput = { ok: false, error: { code: 'invalid_input', params: { field: '' } } }

/** Answers the calls of a page until its socket is closed. */
export function serveCalls(socket: WebSocket, core: Pick<HostCore, 'request' | 'wake'>): void {
  let open = 0
  socket.on('error', () => socket.terminate())
  socket.on('message', async (data: Buffer) => {
    if (!createStructureLimit().push(data)) return refuse(data)
    const frame = parseFrame(data.toString())
    if (frame === null) return socket.close(1008)
    if ('wake' in frame) return core.wake()
    open++
    if (open >= maxOpenCalls) socket.pause()
    const envelope = await core.request(frame.route, frame.input)
    open--
    if (socket.isPaused && open < maxOpenCalls) socket.resume()
    sendText(socket, JSON.stringify({ id: frame.id, envelope }))
  })

  /** A frame with too many values is not parsed; its id is at its beginning if it is a call of our page. */
  function refuse(data: Buffer): void {
    const id = /^\{"id":(\d{1,15}),/.exec(data.toString('latin1', 0, 32))?.[1]
    if (id === undefined) socket.close(1008)
    else sendText(socket, JSON.stringify({ id: Number(id), envelope: invalidInput }))
  }
}

/** Sends to a page. A page with too much unread data is disconnected; it connects again and fetches everything again. */
export function sendText(socket: WebSocket, text: string): void {
  if (socket.bufferedAmount > maxUnread) socket.terminate()
  else socket.send(text)
}

function parseFrame(text: string): z.output<typeof Frame> | null {
  try {
    return Frame.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
