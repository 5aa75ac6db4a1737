/**
 * Topics share so many subjects, however many users there are. A node with 5,000 users then hears a quarter of the
 * subjects, and of a thousand it would hear all.
 */
const BUCKETS = 16_384
/** Who comes back soon, as after a change of networks, finds the subject still there. */
const LINGER_MS = 5000

/** The number of the subject that a topic's entries go to; `all` has its own. */
export function bucketOf(topic: string): number {
  if (topic === 'all') return BUCKETS
  // FNV-1a: spreads short names well, and is the same on every node.
  let hash = 0x811c9dc5
  for (let at = 0; at < topic.length; at++) hash = Math.imul(hash ^ topic.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % BUCKETS
}

/**
 * Which subjects this node wants to hear, and which of them the server has confirmed.
 *
 *   unwanted ──listen──► wanted ──ask──► asked ──confirmed──► heard ──unlisten, a while──► unwanted
 *                          ▲──────────── line lost ──────────────┘
 */
export class Interest {
  readonly #topics = new Map<number, Set<string>>()
  readonly #wanted = new Set<number>()
  readonly #asked = new Set<number>()
  readonly #heard = new Set<number>()
  /** Buckets that nobody wants any more, and when they are given up. */
  readonly #lingering = new Map<number, number>()

  has(topic: string): boolean {
    return this.#topics.get(bucketOf(topic))?.has(topic) ?? false
  }

  /** Whether it is heard already; otherwise `ask` will name its bucket. */
  add(topic: string): boolean {
    const bucket = bucketOf(topic)
    const topics = this.#topics.get(bucket)
    if (topics) topics.add(topic)
    else this.#topics.set(bucket, new Set([topic]))
    this.#lingering.delete(bucket)
    if (!this.#asked.has(bucket)) this.#wanted.add(bucket)
    return this.#heard.has(bucket)
  }

  delete(topic: string, now: number): void {
    const bucket = bucketOf(topic)
    const topics = this.#topics.get(bucket)
    if (!topics?.delete(topic) || topics.size > 0) return
    this.#topics.delete(bucket)
    this.#wanted.delete(bucket)
    if (this.#asked.has(bucket)) this.#lingering.set(bucket, now + LINGER_MS)
  }

  /** Buckets that are wanted and were not asked for yet; they count as asked from now on. */
  ask(): number[] {
    const buckets = [...this.#wanted]
    for (const bucket of buckets) this.#asked.add(bucket)
    this.#wanted.clear()
    return buckets
  }

  /** The server has confirmed them. Returns their topics. */
  confirm(buckets: readonly number[]): string[] {
    for (const bucket of buckets) this.#heard.add(bucket)
    return buckets.flatMap((bucket) => [...(this.#topics.get(bucket) ?? [])])
  }

  /** Buckets that nobody has wanted for a while: they are given up now. */
  giveUp(now: number): number[] {
    const buckets = [...this.#lingering].flatMap(([bucket, until]) => (until <= now ? [bucket] : []))
    for (const bucket of buckets) {
      this.#lingering.delete(bucket)
      this.#asked.delete(bucket)
      this.#heard.delete(bucket)
    }
    return buckets
  }

  /** The line is lost, and everything has to be asked for again. */
  forget(): void {
    this.#asked.clear()
    this.#heard.clear()
    this.#lingering.clear()
    for (const bucket of this.#topics.keys()) this.#wanted.add(bucket)
  }
}
