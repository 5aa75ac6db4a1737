/** Versions of what is shown: they rise over all users together, and are never below the time of day at start. */
export class Versions {
  #highest: number
  #floor: number

  constructor(now: number) {
    this.#highest = now
    this.#floor = now
  }

  /** The highest that was given. */
  get highest(): number {
    return this.#highest
  }

  /** Version of everyone of whom nothing is known here. */
  get floor(): number {
    return this.#floor
  }

  next(now: number): number {
    this.#highest = Math.max(this.#highest + 1, now)
    return this.#highest
  }

  /** What is given from now on is above. */
  riseTo(version: number): void {
    this.#highest = Math.max(this.#highest, version)
  }

  /** One with this version is no longer known, and must not come back below it. */
  forget(version: number): void {
    this.#floor = Math.max(this.#floor, version)
  }
}
