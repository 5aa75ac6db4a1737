// Whatever is started pushes its closer here, so that no process, port or folder outlives the benchmark, however it ends.

export type Closer = () => Promise<void> | void

const closers: Closer[] = []

/** Registers a closer and returns a function that runs it at once, at most once. */
export const onClose = (closer: Closer): (() => Promise<void>) => {
  let isOpen = true
  const once = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    const at = closers.indexOf(once)
    if (at >= 0) closers.splice(at, 1)
    await closer()
  }
  closers.push(once)
  return once
}

/** Closes everything that is still open, newest first; a closer that fails is named and does not stop the others. */
export const closeAll = async (): Promise<void> => {
  for (let closer = closers.at(-1); closer !== undefined; closer = closers.at(-1)) {
    try {
      await closer()
    } catch (error) {
      console.error('clean-up failed:', error)
    }
  }
}
