import type { Host } from '../host.ts'

/** A link that is given out is good for at least so long. The server's hold for an hour. */
const SPARE_MS = 5 * 60_000
/** Pictures of a long evening; the oldest is asked for again. */
const MAX_LINKS = 500

export interface MediaAddress {
  url: string
  thumbUrl?: string
}

interface Known {
  address: MediaAddress
  until: number
}

/** Signed addresses of files, asked for once and used until they end. */
export class MediaLinks {
  readonly #host: Pick<Host, 'commands' | 'environment' | 'now' | 'options'>
  readonly #known = new Map<string, Promise<Known>>()

  constructor(host: Pick<Host, 'commands' | 'environment' | 'now' | 'options'>) {
    this.#host = host
  }

  async read(mediaId: string): Promise<MediaAddress> {
    const asked = this.#known.get(mediaId) ?? this.#ask(mediaId)
    const { address, until } = await asked
    if (until > Date.parse(this.#host.now()) + SPARE_MS) return address
    if (this.#known.get(mediaId) === asked) this.#known.delete(mediaId)
    return (await (this.#known.get(mediaId) ?? this.#ask(mediaId))).address
  }

  #ask(mediaId: string): Promise<Known> {
    const asked = this.#request(mediaId)
    this.#known.set(mediaId, asked)
    asked.catch(() => this.#known.delete(mediaId))
    const [oldest] = this.#known.keys()
    if (this.#known.size > MAX_LINKS && oldest !== undefined) this.#known.delete(oldest)
    return asked
  }

  async #request(mediaId: string): Promise<Known> {
    const { commands, options } = this.#host
    const { url, thumbUrl, expiresAt } = await commands.run('mediaLink', { mediaId })
    // The server may be another site than the page.
    const at = (path: string) => new URL(path, options.url).href
    const address = { url: at(url), ...(thumbUrl === undefined ? {} : { thumbUrl: at(thumbUrl) }) }
    return { address, until: Date.parse(expiresAt) }
  }
}
