import { z } from 'zod'
import { id, idempotencyKey, instant, link, meta, roleName, typeName, visibleText } from './text.ts'

export const priority = z.enum(['low', 'medium', 'high', 'urgent'])
export const status = z.enum(['pending', 'delivered', 'seen', 'read'])

/** A button of a notification. */
export const action = z.strictObject({
  id,
  label: visibleText(60),
  url: link.optional(),
  style: z.enum(['primary', 'danger']).optional(),
})

/** Who caused the notification. */
export const actor = z.strictObject({ id, name: visibleText(120), avatarUrl: link.optional() })

/** What a sender says; the same for everyone who receives it. */
export const content = {
  type: typeName.optional(),
  title: visibleText(200).optional(),
  message: visibleText(4000),
  priority: priority.optional(),
  category: typeName.optional(),
  url: link.optional(),
  icon: link.optional(),
  imageUrl: link.optional(),
  actions: z.array(action).max(5).optional(),
  actor: actor.optional(),
  groupKey: typeName.optional(),
  meta: meta.nullable().optional(),
  expiresAt: instant.optional(),
}

/** Who a notification is for: exactly one of the five. Source: contract.md §4. */
export const audience = z.union([
  z.strictObject({ user: id }),
  z.strictObject({ users: z.array(id).min(1).max(1000) }),
  z.strictObject({ role: roleName }),
  z.strictObject({ room: id }),
  z.strictObject({ all: z.literal(true) }),
])
export type Audience = z.output<typeof audience>

/** The body of a notification as it is stored and sent, without any user's state. */
export interface ItemBody {
  id: string
  topic: string
  offset: number
  type: string
  category: string
  title: string
  message: string
  priority: z.output<typeof priority>
  meta: Record<string, unknown> | null
  createdAt: string
  url?: string
  icon?: string
  imageUrl?: string
  actions?: z.output<typeof action>[]
  actor?: z.output<typeof actor>
  groupKey?: string
  expiresAt?: string
  editedAt?: string
  /** It was snoozed and came back: the id under which it was sent first. */
  originId?: string
}

/** One notification as one user sees it. `_id`, `timestamp`, `isRead`, `is_read` and `delivered` are the seeds' spellings. */
export interface Item extends ItemBody {
  status: z.output<typeof status>
  readAt: string | null
  seenAt: string | null
  archivedAt: string | null
  /** When it comes back; only while it is snoozed. */
  snoozedUntil?: string | null
  _id: string
  timestamp: string
  isRead: boolean
  is_read: boolean
  delivered: boolean
}

export const item = z.looseObject({
  id: z.string(),
  _id: z.string(),
  type: z.string(),
  category: z.string(),
  title: z.string(),
  message: z.string(),
  priority,
  status,
  meta: z.record(z.string(), z.unknown()).nullable(),
  createdAt: z.iso.datetime(),
  timestamp: z.iso.datetime(),
  readAt: z.iso.datetime().nullable(),
  seenAt: z.iso.datetime().nullable(),
  archivedAt: z.iso.datetime().nullable(),
  snoozedUntil: z.iso.datetime().nullish(),
  isRead: z.boolean(),
  is_read: z.boolean(),
  delivered: z.boolean(),
})

/** Exact numbers, computed by the server. `at` names the cursor they hold at. */
export interface Counts {
  at: Record<string, number>
  total: number
  unread: number
  unseen: number
  /** Put away until a time, and in none of the other numbers. */
  snoozed: number
  byCategory: Record<string, { total: number; unread: number }>
}

export const counts = z.object({
  at: z.record(z.string(), z.int()),
  total: z.int(),
  unread: z.int(),
  unseen: z.int(),
  snoozed: z.int(),
  byCategory: z.record(z.string(), z.object({ total: z.int(), unread: z.int() })),
})

const shorthand = {
  audience: audience.optional(),
  user_id: id.optional(),
  userId: id.optional(),
  role: roleName.optional(),
  room: id.optional(),
}
type Shorthand = { [K in keyof typeof shorthand]?: z.output<(typeof shorthand)[K]> | undefined }

function audiencesOf(input: Shorthand): Audience[] {
  const named: (Audience | undefined)[] = [
    input.audience,
    input.user_id === undefined ? undefined : { user: input.user_id },
    input.userId === undefined ? undefined : { user: input.userId },
    input.role === undefined ? undefined : { role: input.role },
    input.room === undefined ? undefined : { room: input.room },
  ]
  return named.filter((one) => one !== undefined)
}

/** One notification to send: an audience, or one of the seeds' shorthands in its place. */
export const sendInput = z
  .strictObject({
    ...shorthand,
    ...content,
    except: z.array(id).max(1000).optional(),
    idempotencyKey: idempotencyKey.optional(),
  })
  .transform((input, context) => {
    const [audience, ...others] = audiencesOf(input)
    if (audience === undefined || others.length > 0) {
      context.addIssue({ code: 'custom', path: ['audience'], message: 'Name exactly one audience' })
      return z.NEVER
    }
    const { audience: _a, user_id: _u, userId: _i, role: _r, room: _o, ...rest } = input
    return { ...rest, audience }
  })
