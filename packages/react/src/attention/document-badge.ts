/** What of a page shows a number; a test passes its own. */
export interface BadgePage {
  readTitle(): string
  writeTitle(title: string): void
  /** Calls after a change of the title by whoever; answers what stops it. */
  watchTitle(listener: () => void): () => void
  /** `undefined`: the page's own. */
  writeIcon(href: string | undefined): void
  writeAppBadge(count: number): void
}

export interface DocumentBadgeOptions {
  /** `(3) Title`. Default true. */
  title?: boolean | undefined
  /** Of an icon with a dot, a file because of strict policies. */
  favicon?: string | undefined
  /** The number on an installed app, by the leading tab alone. Default true. */
  app?: boolean | undefined
}

/** Unread notifications outside of the page's content: in its title, its icon and on the installed app. */
export class DocumentBadge {
  readonly #page: BadgePage
  readonly #options: DocumentBadgeOptions
  readonly #unwatch: () => void
  /** As the app wants it. */
  #title: string
  #prefix = ''
  #hasIcon = false
  #appCount = 0

  constructor(page: BadgePage, options: DocumentBadgeOptions = {}) {
    this.#page = page
    this.#options = options
    this.#title = page.readTitle()
    this.#unwatch = options.title === false ? () => undefined : page.watchTitle(() => this.#follow())
  }

  show(unread: number, isLeader: boolean): void {
    const { title = true, favicon, app = true } = this.#options
    const hasUnread = unread > 0
    if (title) this.#write(hasUnread ? `(${unread}) ` : '')
    if (favicon !== undefined && hasUnread !== this.#hasIcon) {
      this.#hasIcon = hasUnread
      this.#page.writeIcon(hasUnread ? favicon : undefined)
    }
    if (app && isLeader) this.#writeApp(unread)
  }

  /** Everything as it was. */
  close(): void {
    this.#unwatch()
    this.#write('')
    if (this.#hasIcon) this.#page.writeIcon(undefined)
    this.#hasIcon = false
    this.#writeApp(0)
  }

  #write(prefix: string): void {
    this.#prefix = prefix
    const wanted = prefix + this.#title
    if (this.#page.readTitle() !== wanted) this.#page.writeTitle(wanted)
  }

  /** The app may have made its new title out of ours. */
  #follow(): void {
    const now = this.#page.readTitle()
    if (now === this.#prefix + this.#title) return
    this.#title = now.startsWith(this.#prefix) ? now.slice(this.#prefix.length) : now
    this.#write(this.#prefix)
  }

  #writeApp(count: number): void {
    if (count === this.#appCount) return
    this.#appCount = count
    this.#page.writeAppBadge(count)
  }
}

/** The page itself; only in a browser. */
export function documentPage(): BadgePage {
  let restoreIcon = (): void => undefined
  return {
    readTitle: () => document.title,
    writeTitle: (title) => {
      document.title = title
    },
    watchTitle(listener) {
      const observer = new MutationObserver(listener)
      observer.observe(document.head, { childList: true, characterData: true, subtree: true })
      return () => observer.disconnect()
    },
    writeIcon(href) {
      restoreIcon()
      restoreIcon = href === undefined ? () => undefined : swapIcons(href)
    },
    writeAppBadge: (count) => void navigator.setAppBadge?.(count).catch(() => undefined),
  }
}

/** Answers what puts the page's own back. */
function swapIcons(href: string): () => void {
  const links = [...document.head.querySelectorAll<HTMLLinkElement>('link[rel~="icon"]')]
  if (links.length === 0) {
    const link = Object.assign(document.createElement('link'), { rel: 'icon', href })
    document.head.append(link)
    return () => link.remove()
  }
  const own = links.map((link) => link.href)
  for (const link of links) link.href = href
  return () => {
    for (const [index, link] of links.entries()) link.href = own[index] ?? ''
  }
}
