import { handled } from './changes.ts'
import type { Commands } from './commands.ts'
import { applyPage, type Page, startPage } from './inbox.ts'
import type { Model } from './model.ts'

const PAGE_SIZE = 50

export interface PagerOptions {
  model: Model
  commands: Commands
  onChange(): void
  /** With the reason, or with nothing when the page came. */
  onEnd(error: unknown): void
}

/** Loads older items, one page at a time. */
export class Pager {
  readonly #options: PagerOptions
  #page: Promise<void> | undefined

  constructor(options: PagerOptions) {
    this.#options = options
  }

  get isFetching(): boolean {
    return this.#page !== undefined
  }

  fetchMore(): Promise<void> {
    const { model, onChange } = this.#options
    if (model.inbox.list.floor === '') return Promise.resolve()
    if (this.#page) return this.#page
    this.#page = this.#fetch().then(
      () => this.#end(undefined),
      (error: unknown) => {
        this.#end(error)
        throw error
      },
    )
    onChange()
    return handled(this.#page)
  }

  /** Pages that bring nothing new are passed over: after a trim they are walked from the top. */
  async #fetch(): Promise<void> {
    const { model, commands } = this.#options
    const before = model.inbox.list.items.length
    do {
      const { nextCursor } = model.inbox
      model.update(startPage(model.inbox))
      const input = { limit: PAGE_SIZE, ...(nextCursor === undefined ? {} : { cursor: nextCursor }) }
      // The table's item is looser than what a server sends: it lets fields through that it does not name.
      const page = (await commands.run('listNotifications', input)) as unknown as Page
      model.update(applyPage(model.inbox, page))
    } while (model.inbox.list.items.length === before && model.inbox.nextCursor !== undefined)
  }

  #end(error: unknown): void {
    this.#page = undefined
    this.#options.onEnd(error)
    this.#options.onChange()
  }
}
