/** Draws that a seed repeats. */
export interface Draw {
  /** A whole number in [min, max]. */
  int(min: number, max: number): number
  chance(share: number): boolean
  pick<T>(items: readonly T[]): T
  /** Between `min` and `max` different items, in random order; fewer when there are fewer. */
  some<T>(items: readonly T[], min: number, max: number): T[]
}

export function createDraw(seed: number): Draw {
  let state = seed >>> 0
  // mulberry32: 32 bits of state are plenty for choosing test steps.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    int,
    chance: (share) => next() < share,
    pick: (items) => {
      const index = int(0, items.length - 1)
      if (items.length === 0) throw new Error('Nothing to pick from')
      return items[index] as (typeof items)[number]
    },
    some: (items, min, max) => {
      const rest = [...items]
      const wanted = Math.min(int(min, max), rest.length)
      return Array.from({ length: wanted }, () => rest.splice(int(0, rest.length - 1), 1)).flat()
    },
  }
}
