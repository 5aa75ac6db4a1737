import type { WireFrame } from '@belfry/client'
import type { EntriesFrame } from '@belfry/protocol'
import type { PlaygroundFacts } from './api.ts'
import { Person, type PersonEvents } from './person.ts'
import { Progress } from './progress.ts'
import { Wire } from './wire.ts'

export interface Playground {
  people: readonly Person[]
  sender: Person
  room: string
  chat: string
  wire: Wire
  progress: Progress
}

const READS: ReadonlySet<string> = new Set(['markRead', 'markAllRead'])
const UNDOES: ReadonlySet<string> = new Set(['restore', 'unarchive', 'unsnooze'])

/** The sample people of the server, what they do on the wire, and what that ticks off. */
export function createPlayground({ users, room, chat }: PlaygroundFacts): Playground {
  const [wire, progress] = [new Wire(), new Progress()]
  const arrived = new Map<string, Set<string>>()
  const events: PersonEvents = {
    onItem(person, { id }) {
      const names = (arrived.get(id) ?? new Set()).add(person.name)
      arrived.set(id, names)
      if (names.size === users.length) progress.tick('arrived')
    },
    onFrame(person, frame) {
      wire.add(person.name, frame)
      if (tellsOfReading(frame)) progress.tick('ticked')
      if (!isAccepted(frame)) return
      if (frame.event === 'postMessage') progress.tick('messaged')
      if (READS.has(frame.event)) progress.tick('read')
      if (UNDOES.has(frame.event)) progress.tick('undone')
    },
    onCaughtUp(_, count) {
      if (count > 0) progress.tick('caughtUp')
    },
    onUnread(_, change) {
      if (change < 0) progress.tick('counted')
    },
  }
  const people = users.map((sample) => new Person(sample, events))
  const sender = people.find(({ role }) => role === 'admin') ?? people[0]
  if (!sender) throw new Error('The playground has no sample people.')
  return { people, sender, room, chat, wire, progress }
}

/** Somebody has read a message of somebody else. */
function tellsOfReading({ event, payload }: WireFrame): boolean {
  if (event !== 'entries') return false
  // The server's frames are typed by the protocol.
  const { entries } = payload as EntriesFrame
  return entries.some(
    (entry) => entry.kind === 'receipts.moved' && entry.data.members.some(({ hasReadMore }) => hasReadMore),
  )
}

function isAccepted({ direction, payload }: WireFrame): boolean {
  return (
    direction === 'ack' &&
    typeof payload === 'object' &&
    payload !== null &&
    Reflect.get(payload, 'ok') === true
  )
}
