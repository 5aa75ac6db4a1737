import type { Clock } from '../core/context.ts'

/**
 * Time that only passes: as the time of day when the process started, and from then on as fast, whatever becomes of the
 * clock on the wall. Who waits for something waits by this time; what others are told is turned into theirs.
 */
export class SteadyTime {
  readonly #wall: Clock
  readonly #steady: Clock

  constructor(wall: Clock, steady: Clock = () => performance.timeOrigin + performance.now()) {
    this.#wall = wall
    this.#steady = steady
  }

  now(): number {
    return Math.floor(this.#steady())
  }

  toWall(at: number): number {
    return Math.round(at + this.#wall() - this.#steady())
  }

  fromWall(at: number): number {
    return Math.round(at + this.#steady() - this.#wall())
  }
}
