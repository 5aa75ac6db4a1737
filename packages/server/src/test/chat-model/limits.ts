/** Settings of the chats under test. Small enough to be reached; more than `AT_ONCE_MEMBERS` of `chat/receipts.ts`. */
export const MAX_MEMBERS = 13
export const EDIT_WINDOW_MS = 24 * 3600_000
/** What a rehearsal that worked is refused with, so that nothing of it stays. */
export const REHEARSED = 'rehearsed'
