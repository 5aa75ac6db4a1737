export type DeviceStorage = Pick<Storage, 'getItem' | 'setItem'>

/** Undefined where the browser keeps nothing, or refuses to. */
export function deviceStorage(): DeviceStorage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}
