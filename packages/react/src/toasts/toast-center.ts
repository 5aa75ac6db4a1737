import type { Clock } from '@belfry/client'
import type { Item } from '@belfry/protocol'
import { systemClock } from '../dates/system-clock.ts'
import { firstStrings } from '../kit/first-strings.ts'
import type { MakePart } from '../kit/kit-parts.ts'
import type { Strings } from '../kit/strings.ts'

/** Source of both: ui.md §4, Toaster. */
export const LIMIT = 3
export const DURATION_MS = 6_000

/** Every toast has a row in the inbox, so a burst loses nothing here. About two minutes at three in six seconds. */
const MAX_WAITING = 60

/** Longest time that a browser's timer can count: 2^31 - 1. What lasts longer stays. */
const MAX_TIMER_MS = 2_147_483_647

export type ToastTone = 'plain' | 'danger' | 'urgent'

/** Why the clocks stand. `app`: somebody called `pauseAll()`. */
export type PauseReason = 'hover' | 'focus' | 'hidden' | 'blur' | 'app'

export interface ToastInput {
  /** Shown again with the same id, a toast changes in place. */
  id?: string | undefined
  title: string
  message?: string | undefined
  tone?: ToastTone | undefined
  /** Milliseconds; `Infinity` stays. Without it errors, urgent ones and those with an action stay. */
  duration?: number | undefined
  action?: { label: string; run(): void } | undefined
  /** Toasts of one group become one that counts them. */
  groupKey?: string | undefined
  item?: Item | undefined
}

export type ToastPatch = Partial<Omit<ToastInput, 'id'>>

export interface Toast extends Readonly<ToastInput> {
  readonly id: string
  readonly tone: ToastTone
  /** How many it stands for. */
  readonly count: number
}

interface Entry {
  toast: Toast
  members: Set<string>
  remainingMs: number
  /** While its clock runs. */
  running: { sinceMs: number; cancel(): void } | undefined
}

interface ToastCenterOptions {
  strings(): Pick<Strings, 'newNotifications'>
  clock?: Clock | undefined
}

const toastOf = (input: ToastInput, id: string, count: number): Toast => ({
  ...input,
  id,
  count,
  tone: input.tone ?? 'plain',
})

/**
 * The toasts of one provider, whoever draws them: a few shown, the others waiting, each with a clock of its own that
 * stands still for as long as there is a reason. All methods work without `this`.
 */
export class ToastCenter {
  readonly #strings: ToastCenterOptions['strings']
  readonly #clock: Clock
  readonly #listeners = new Set<() => void>()
  readonly #reasons = new Set<PauseReason>()
  #entries: Entry[] = []
  #shown: readonly Toast[] = []
  #limit = LIMIT
  #durationMs = DURATION_MS
  #lastId = 0

  constructor({ strings, clock = systemClock }: ToastCenterOptions) {
    this.#strings = strings
    this.#clock = clock
  }

  /** Those that are shown, oldest first. */
  getSnapshot = (): readonly Toast[] => this.#shown

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  configure = ({ limit, durationMs }: { limit: number; durationMs: number }): void => {
    this.#limit = limit
    this.#durationMs = durationMs
    this.#settle()
  }

  /** Answers the id of the toast that shows it. */
  show = (input: ToastInput): string => {
    const id = input.id ?? this.#newId()
    const known = this.#find(id)
    if (known) this.#replace(known, toastOf(input, id, 1))
    else this.#add(input, id)
    this.#settle()
    return this.#find(id)?.toast.id ?? id
  }

  /** Changes a toast and starts its clock anew; nothing if it is gone. */
  update = (id: string, patch: ToastPatch): void => {
    const known = this.#find(id)
    if (!known) return
    this.#replace(known, toastOf({ ...known.toast, ...patch }, known.toast.id, known.toast.count))
    this.#settle()
  }

  /** Without an id: all, those that wait too. */
  dismiss = (id?: string): void => {
    const isGone = ({ toast }: Entry) => id === undefined || toast.id === id
    for (const entry of this.#entries.filter(isGone)) this.#stop(entry)
    this.#entries = this.#entries.filter((entry) => !isGone(entry))
    this.#settle()
  }

  /** Does what its button promises, and takes it away. */
  runAction = (id: string): void => {
    const action = this.#find(id)?.toast.action
    this.dismiss(id)
    action?.run()
  }

  pauseAll = (reason: PauseReason = 'app'): void => {
    this.#reasons.add(reason)
    this.#settle()
  }

  /** The clocks go on from where they stood when no other reason is left. */
  resumeAll = (reason: PauseReason = 'app'): void => {
    this.#reasons.delete(reason)
    this.#settle()
  }

  /** Leaves no timer and no toast. */
  close = (): void => this.dismiss()

  #newId(): string {
    this.#lastId += 1
    return `toast-${this.#lastId}`
  }

  #find(id: string): Entry | undefined {
    return this.#entries.find(({ toast, members }) => toast.id === id || members.has(id))
  }

  #add(input: ToastInput, id: string): void {
    const { groupKey } = input
    const group =
      groupKey === undefined ? undefined : this.#entries.find(({ toast }) => toast.groupKey === groupKey)
    if (group) this.#join(group, input, id)
    else this.#enqueue(toastOf(input, id, 1))
  }

  #join(group: Entry, input: ToastInput, id: string): void {
    group.members.add(id)
    const count = group.members.size
    const tone = group.toast.tone === 'plain' ? input.tone : group.toast.tone
    const title = this.#strings().newNotifications(count)
    this.#replace(group, toastOf({ ...input, tone, title, message: input.title }, group.toast.id, count))
  }

  #enqueue(toast: Toast): void {
    const entry: Entry = {
      toast,
      members: new Set([toast.id]),
      remainingMs: this.#durationOf(toast),
      running: undefined,
    }
    const place = toast.tone === 'urgent' ? this.#firstPatient() : -1
    this.#entries.splice(place < 0 ? this.#entries.length : place, 0, entry)
    if (this.#entries.length <= this.#limit + MAX_WAITING) return
    this.#entries.splice(Math.max(this.#limit, this.#firstPatient()), 1)
  }

  /** Index of the first that waits and is not urgent. */
  #firstPatient(): number {
    return this.#entries.findIndex(({ toast }, index) => index >= this.#limit && toast.tone !== 'urgent')
  }

  #replace(entry: Entry, toast: Toast): void {
    // One member of a group that comes again has been counted.
    if (entry.members.size > toast.count) return
    this.#stop(entry)
    entry.toast = toast
    entry.remainingMs = this.#durationOf(toast)
  }

  #durationOf({ duration, tone, action }: Toast): number {
    return duration ?? (tone !== 'plain' || action ? Number.POSITIVE_INFINITY : this.#durationMs)
  }

  /** Lets exactly the clocks run that should, and tells what is shown if that has changed. */
  #settle(): void {
    const shown = this.#entries.slice(0, this.#limit)
    for (const entry of this.#entries) {
      if (this.#reasons.size === 0 && shown.includes(entry)) this.#start(entry)
      else this.#stop(entry)
    }
    const isSame =
      shown.length === this.#shown.length && shown.every(({ toast }, index) => toast === this.#shown[index])
    if (isSame) return
    this.#shown = shown.map(({ toast }) => toast)
    for (const listener of [...this.#listeners]) listener()
  }

  #start(entry: Entry): void {
    if (entry.running || entry.remainingMs > MAX_TIMER_MS) return
    const cancel = this.#clock.schedule(() => this.dismiss(entry.toast.id), entry.remainingMs)
    entry.running = { sinceMs: this.#clock.now(), cancel }
  }

  #stop(entry: Entry): void {
    if (!entry.running) return
    entry.running.cancel()
    entry.remainingMs = Math.max(0, entry.remainingMs - (this.#clock.now() - entry.running.sinceMs))
    entry.running = undefined
  }
}

/** The toasts of a provider. */
export const toastCenterOf: MakePart<ToastCenter> = ({ strings }) =>
  new ToastCenter({ strings: () => ({ ...firstStrings, ...strings() }) })
