import type { Audience } from '@belfry/protocol'
import type { Person } from './person.ts'

export interface Target {
  id: string
  label: string
  /** Spoken and shown where there is room. */
  fullLabel: string
  /** Undefined while the person's id is not known, which a sign-in tells. */
  audience: Audience | undefined
  missing: string
}

export const EVERYONE: Target = {
  id: 'all',
  label: 'Everyone',
  fullLabel: 'Everyone',
  audience: { all: true },
  missing: '',
}

export function targetsOf(
  people: readonly Person[],
  ids: ReadonlyMap<string, string>,
  room: string,
): Target[] {
  const single = people.map(({ name, label }): Target => {
    const user = ids.get(name)
    return {
      id: name,
      label,
      fullLabel: label,
      audience: user === undefined ? undefined : { user },
      missing: `Sign in as ${label} first.`,
    }
  })
  return [
    EVERYONE,
    ...single,
    { id: 'role', label: 'Role', fullLabel: 'Role user', audience: { role: 'user' }, missing: '' },
    { id: 'room', label: 'Room', fullLabel: `Room ${room}`, audience: { room }, missing: '' },
  ]
}
