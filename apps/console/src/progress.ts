import { Store } from './store.ts'
import { tabMemory } from './tab-memory.ts'

/** What there is to try, in order. */
export const steps = [
  { id: 'sent', label: 'Send one', hint: 'Press a button in the middle.' },
  { id: 'arrived', label: 'Both get it', hint: 'Send to everyone and look left and right.' },
  { id: 'read', label: 'Read it', hint: 'Click a row in a phone.' },
  { id: 'counted', label: 'The number follows', hint: 'Look at the bell while you click a row.' },
  { id: 'undone', label: 'Delete and undo', hint: 'Press the bin of a row, then Undo.' },
  { id: 'messaged', label: 'Say hello', hint: 'Open Chat on a phone and write a message.' },
  { id: 'ticked', label: 'Two ticks', hint: 'Open Chat on the other phone, too, and look at the ticks.' },
  {
    id: 'caughtUp',
    label: 'Offline and back',
    hint: 'Switch a phone offline, send a few, switch it back: nothing is lost.',
  },
  { id: 'tabs', label: 'Three tabs', hint: 'Open both people in tabs of their own, too.' },
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
