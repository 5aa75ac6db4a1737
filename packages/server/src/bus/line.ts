/** A text for whoever has subscribed to the subject. */
export interface Parcel {
  readonly subject: string
  readonly text: string
}

/**
 * One connection to a server that passes texts on by subject. It may lose, repeat and reorder them, and it does not come
 * back: whoever wants another one dials again. Nothing of it throws; what cannot be done rejects.
 */
export interface Line {
  /** Resolves when the server has taken them, and all before. */
  send(parcels: readonly Parcel[]): Promise<void>
  /** Resolves when the server has confirmed all of them. */
  subscribe(subjects: readonly string[]): Promise<void>
  unsubscribe(subjects: readonly string[]): Promise<void>
  /** At once, whether the server answers or not. */
  close(): void
}

export interface LineEvents {
  onText(subject: string, text: string): void
  /** The line is lost; `reason` holds no secret. Not called after `close`. */
  onLost(reason: string): void
}

/** Rejects when the server cannot be reached within some seconds; the error's message holds no secret. */
export type Dial = (events: LineEvents) => Promise<Line>
