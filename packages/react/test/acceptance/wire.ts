/** What passes between a page and the server, read and changed on the way as a bad network would. */
import type { BrowserContext } from 'playwright-core'

type Change = (text: string) => string | undefined

export interface Wire {
  /** Every frame of the pages since the device was made, in order. */
  readonly sent: string[]
  /** What becomes of a frame of the server; undefined loses it. */
  down: Change
}

/** Call it before the device opens a page. */
export async function tapWire(device: BrowserContext): Promise<Wire> {
  const wire: Wire = { sent: [], down: (text) => text }
  await device.routeWebSocket(/\/socket\.io\//, (page) => {
    const server = page.connectToServer()
    page.onMessage((message) => {
      wire.sent.push(String(message))
      server.send(message)
    })
    server.onMessage((message) => {
      const changed = wire.down(String(message))
      if (changed !== undefined) page.send(changed)
    })
  })
  return wire
}

/** The event of a Socket.IO packet, such as `entries`; undefined for acknowledgements and the engine's own. */
export const eventIn = (text: string): string | undefined => /^42\d*\["([^"]+)"/.exec(text)?.[1]

export const isAck = (text: string): boolean => /^43\d/.test(text)
