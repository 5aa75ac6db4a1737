import type { CommandInput, Presence } from '@belfry/protocol'
import { handled } from '../changes.ts'
import type { ChatClient } from './chat-client.ts'
import type { PresenceWatch } from './presence-watch.ts'

/** Some people, as far as the user may see them. */
export interface PresenceView {
  /** By user id; who is not known yet is not in it. */
  getSnapshot(): ReadonlyMap<string, Presence>
  subscribe(listener: () => void): () => void
  close(): void
}

type Status = CommandInput<'setPresence'>['status']

/** The user, as the others see them. */
export interface OwnPresence {
  /** Known while somebody has subscribed. */
  getSnapshot(): Presence | undefined
  subscribe(listener: () => void): () => void
  /** Until `until`, ISO 8601, or else until it is set again. */
  set(status: Status, more?: { text?: string | null; until?: string | null }): Promise<Presence>
}

export function createPresenceView(watch: PresenceWatch, userIds: readonly string[]): PresenceView {
  const close = watch.show(userIds)
  const ids = new Set(userIds)
  let from: ReadonlyMap<string, Presence> | undefined
  let shown: ReadonlyMap<string, Presence> = new Map()
  return {
    getSnapshot() {
      if (from !== watch.known) {
        from = watch.known
        const now = new Map([...from].filter(([id]) => ids.has(id)))
        const isEqual = now.size === shown.size && [...now].every(([id, one]) => shown.get(id) === one)
        if (!isEqual) shown = now
      }
      return shown
    },
    subscribe: (listener) => watch.changed.add(listener),
    close,
  }
}

export function createOwnPresence(chats: ChatClient): OwnPresence {
  const { presence, host } = chats
  const own = () => (chats.userId === undefined ? undefined : presence.known.get(chats.userId))
  return {
    getSnapshot: own,
    subscribe(listener) {
      let stopShowing: (() => void) | undefined
      // The user may not be known yet.
      const show = () => {
        if (chats.userId !== undefined) stopShowing ??= presence.show([chats.userId])
      }
      show()
      const stops = [presence.changed.add(listener), chats.changed.add(show)]
      return () => {
        for (const stop of stops) stop()
        stopShowing?.()
      }
    },
    set: (status, more = {}) =>
      handled(
        host.commands.run('setPresence', { status, ...more }).then((reply) => {
          presence.take([reply.presence])
          return reply.presence
        }),
      ),
  }
}
