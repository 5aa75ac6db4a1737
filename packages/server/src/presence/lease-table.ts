import type { Lease } from './lease-messages.ts'

/** The leases of one node, and what they add up to: two nodes that hold the same get the same sum. */
export class LeaseTable {
  readonly #leases = new Map<string, Lease>()
  #digest = 0

  get size(): number {
    return this.#leases.size
  }

  get digest(): number {
    return this.#digest
  }

  values(): Iterable<Lease> {
    return this.#leases.values()
  }

  put(lease: Lease): void {
    this.delete(lease.id)
    this.#leases.set(lease.id, lease)
    this.#digest = (this.#digest + weightOf(lease)) >>> 0
  }

  delete(id: string): boolean {
    const lease = this.#leases.get(id)
    if (!lease) return false
    this.#leases.delete(id)
    this.#digest = (this.#digest - weightOf(lease)) >>> 0
    return true
  }
}

/** FNV-1a, 32 bits: whoever can send on the bus needs no collision to lie. */
function weightOf({ id, user, isIdle, focus, wish }: Lease): number {
  let hash = 0x811c9dc5
  for (const character of `${id} ${user} ${isIdle} ${focus} ${wish}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  return hash >>> 0
}
