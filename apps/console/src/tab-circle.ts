/** What a tab says to the others of this browser. */
interface Word {
  /** `hello` asks for `here`. */
  says: 'hello' | 'here' | 'bye'
  id: string
}

const isWord = (value: unknown): value is Word =>
  typeof value === 'object' && value !== null && 'says' in value

/**
 * Tells how many tabs of this console are open, whenever that changes.
 * @returns what leaves the circle
 */
export function joinTabs(onCount: (count: number) => void): () => void {
  if (typeof BroadcastChannel === 'undefined') return () => undefined
  const channel = new BroadcastChannel('belfry:console-tabs')
  // `randomUUID` is missing on plain http.
  const id = crypto.getRandomValues(new Uint32Array(4)).join('-')
  const others = new Set<string>()
  const say = (says: Word['says']) => channel.postMessage({ says, id } satisfies Word)
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!isWord(data)) return
    if (data.says === 'bye') others.delete(data.id)
    else others.add(data.id)
    if (data.says === 'hello') say('here')
    onCount(others.size + 1)
  }
  const leave = () => say('bye')
  addEventListener('pagehide', leave)
  say('hello')
  return () => {
    removeEventListener('pagehide', leave)
    leave()
    channel.close()
  }
}
