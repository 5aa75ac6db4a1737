import { Store } from './store.ts'
import { tabMemory } from './tab-memory.ts'

/** What there is to try, in order. */
export const steps = [
  { id: 'signedIn', label: 'Sign in both' },
  { id: 'sent', label: 'Send one' },
  { id: 'arrived', label: 'See it arrive' },
  { id: 'read', label: 'Mark it read' },
  { id: 'caughtUp', label: 'Go offline, catch up' },
] as const

export type StepId = (typeof steps)[number]['id']

/** The steps that are done; ticks itself as things happen. */
export class Progress {
  readonly store = new Store<ReadonlySet<StepId>>(new Set(tabMemory.read('progress', isSteps) ?? []))

  tick(id: StepId): void {
    const done = this.store.getSnapshot()
    if (done.has(id)) return
    const next = new Set(done).add(id)
    tabMemory.write('progress', [...next])
    this.store.set(next)
  }
}

function isSteps(value: unknown): value is StepId[] {
  return Array.isArray(value) && value.every((id) => steps.some((step) => step.id === id))
}
