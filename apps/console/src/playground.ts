import type { WireFrame } from '@belfry/client'
import { Announcements } from './announcements.ts'
import { openSample, type PlaygroundFacts } from './api.ts'
import { Person, type PersonEvents } from './person.ts'
import { Progress } from './progress.ts'
import { Wire } from './wire.ts'

export interface Playground {
  people: readonly Person[]
  sender: Person
  room: string
  wire: Wire
  progress: Progress
  announcements: Announcements
}

const READS: ReadonlySet<string> = new Set(['markRead', 'markAllRead'])

/** The sample people of the server, what they do on the wire, and what that ticks off. */
export function createPlayground({ users, room }: PlaygroundFacts): Playground {
  const [wire, progress, announcements] = [new Wire(), new Progress(), new Announcements()]
  const admin = users.find(({ role }) => role === 'admin')?.name
  const events: PersonEvents = {
    onItem: (person, item) => {
      announcements.hear(person.label, item)
      if (person.name !== admin) progress.tick('arrived')
    },
    onFrame: (person, frame) => {
      wire.add(person.name, frame)
      if (READS.has(frame.event) && isAccepted(frame)) progress.tick('read')
    },
    onCaughtUp: (_, count) => {
      if (count > 0) progress.tick('caughtUp')
    },
  }
  const people = users.map(({ name }) => new Person({ name, renew: () => openSample(name), events }))
  const sender = people.find(({ name }) => name === admin) ?? people[0]
  if (!sender) throw new Error('The playground has no sample people.')
  const look = () => {
    if (people.every(({ store }) => store.getSnapshot().session)) progress.tick('signedIn')
  }
  for (const { store } of people) store.subscribe(look)
  look()
  return { people, sender, room, wire, progress, announcements }
}

function isAccepted({ direction, payload }: WireFrame): boolean {
  return (
    direction === 'ack' &&
    typeof payload === 'object' &&
    payload !== null &&
    Reflect.get(payload, 'ok') === true
  )
}
