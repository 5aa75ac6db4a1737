import type { MakePart } from '../kit/kit-parts.ts'

/** How many steps back; more than anybody remembers. */
const MAX_STEPS = 20

/** What can be taken back, the latest first. */
export class UndoStack {
  readonly #listeners = new Set<() => void>()
  #steps: readonly (() => unknown)[] = []

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly canUndo = (): boolean => this.#steps.length > 0

  /** Answers what takes this very step back, at most once. */
  push(step: () => unknown): () => void {
    const once = () => {
      if (!this.#steps.includes(once)) return
      this.#set(this.#steps.filter((other) => other !== once))
      step()
    }
    this.#set([...this.#steps, once].slice(-MAX_STEPS))
    return once
  }

  undo(): void {
    this.#steps.at(-1)?.()
  }

  /** Nothing can be taken back any more. */
  close(): void {
    this.#set([])
  }

  #set(steps: readonly (() => unknown)[]): void {
    this.#steps = steps
    for (const listener of this.#listeners) listener()
  }
}

/** The steps of a provider. */
export const undoStackOf: MakePart<UndoStack> = () => new UndoStack()
