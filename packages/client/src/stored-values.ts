/** Guards for what a device has kept: another version may have written it, or a user edited it. */
import type { Counts, Item } from '@belfry/protocol'

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isText = (value: unknown): value is string => typeof value === 'string'

export const isListOf = <T>(value: unknown, isOne: (one: unknown) => one is T): value is T[] =>
  Array.isArray(value) && value.every(isOne)

const TEXTS = ['id', 'topic', 'type', 'category', 'title', 'message', 'priority', 'status', 'createdAt']
const TIMES = ['readAt', 'seenAt', 'archivedAt']

export const isItem = (value: unknown): value is Item =>
  isRecord(value) &&
  TEXTS.every((name) => isText(value[name])) &&
  TIMES.every((name) => value[name] === null || isText(value[name]))

const isNumber = (value: unknown): value is number => Number.isFinite(value)
const areNumbers = (value: unknown, names: readonly string[]) =>
  isRecord(value) && names.every((name) => isNumber(value[name]))

export const isCounts = (value: unknown): value is Counts =>
  isRecord(value) &&
  areNumbers(value, ['total', 'unread', 'unseen', 'snoozed']) &&
  isRecord(value.at) &&
  Object.values(value.at).every(isNumber) &&
  isRecord(value.byCategory) &&
  Object.values(value.byCategory).every((own) => areNumbers(own, ['total', 'unread']))
