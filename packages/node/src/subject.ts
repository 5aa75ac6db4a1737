/** What a notification is about: an object of the app's own, such as an order, or only its id. */
export type Subject = object | string | number

/** A user: the id, or an object that has one. */
export type UserRef = string | number | object

/** Longer names are cut: they stand in a sentence, whose whole has a limit. */
const MAX_NAME = 200

/** A field of any object, whether its own or, as with database models, given by its class. */
function fieldOf(subject: object, name: string): unknown {
  return Reflect.get(subject, name)
}

/** The first of `names` that holds something. */
function firstOf(subject: object, names: readonly string[]): unknown {
  return names.map((name) => fieldOf(subject, name)).find((value) => value !== undefined && value !== null)
}

/** A value as a word in a sentence; undefined for what is no text or number. */
function wordOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const characters = [...value.trim()]
  return characters.length > MAX_NAME ? `${characters.slice(0, MAX_NAME).join('')}…` : characters.join('')
}

export function firstWord(subject: object, names: readonly string[]): string | undefined {
  return wordOf(firstOf(subject, names)) ?? undefined
}

/** The id of whatever names something: an id itself, an object with `id`, `_id` or `userId`, a MongoDB ObjectId. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return undefined
  if (typeof fieldOf(value, 'toHexString') === 'function') return String(value)
  for (const name of ['id', '_id', 'userId']) {
    const id = idOf(fieldOf(value, name))
    if (id !== undefined) return id
  }
  return undefined
}

/** Users that a value names: one, or a list of them; undefined when there is none. */
export function usersOf(value: unknown): string[] | undefined {
  const ids = (Array.isArray(value) ? value : [value]).map(idOf).filter((id) => id !== undefined)
  return ids.length > 0 ? ids : undefined
}

/** The plain facts among `names`, for `meta`; objects, lists and functions are left out. */
export function factsOf(
  subject: object,
  names: readonly string[],
): Record<string, string | number | boolean> {
  const facts: Record<string, string | number | boolean> = {}
  const id = idOf(subject)
  if (id !== undefined) facts.id = id
  for (const name of names) {
    const value = fieldOf(subject, name)
    const fact = typeof value === 'boolean' ? value : typeof value === 'number' ? value : wordOf(value)
    if (fact !== undefined && !Number.isNaN(fact)) facts[name] = fact
  }
  return facts
}
