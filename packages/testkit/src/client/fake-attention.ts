import type { Attention } from '@belfry/client/chat'
import { settled } from './fake-clock.ts'

/** Somebody before a page, or nobody. */
export class FakeAttention implements Attention {
  #isFocused = true
  readonly #onFocus = new Set<() => void>()
  readonly #onInput = new Set<() => void>()

  isFocused = () => this.#isFocused
  watchFocus = (listener: () => void) => watch(this.#onFocus, listener)
  watchInput = (listener: () => void) => watch(this.#onInput, listener)

  get isWatched(): boolean {
    return this.#onFocus.size + this.#onInput.size > 0
  }

  async focus(isFocused: boolean): Promise<void> {
    this.#isFocused = isFocused
    for (const listener of this.#onFocus) listener()
    await settled()
  }

  async touch(): Promise<void> {
    for (const listener of this.#onInput) listener()
    await settled()
  }
}

function watch(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
