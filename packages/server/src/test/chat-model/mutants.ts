import type { Mutant } from '../mutation.ts'

/** Deliberate breakages of chats: each must be noticed by the model test. Each `find` stands once in its file. */
export const mutants: readonly Mutant[] = [
  {
    name: 'messages of blocked senders count',
    file: 'chat/unread.ts',
    find: `.where('b.user_id', '=', p.user)`,
    replace: `.where('b.user_id', '=', '')`,
  },
  {
    name: 'own messages count',
    file: 'chat/unread.ts',
    find: `.where('m.sender_id', '!=', p.user)`,
    replace: '',
  },
  {
    name: 'deleted messages count',
    file: 'chat/unread.ts',
    find: `.where('m.deleted_at', 'is', null)`,
    replace: '',
  },
  {
    name: 'silent messages count',
    file: 'chat/unread.ts',
    find: `.where('m.silent', '=', 0)`,
    replace: '',
  },
  {
    name: 'muted chats are in the total',
    file: 'chat/unread.ts',
    find: 'isSilenced(row.silenced_until, reader.now) || row.hidden_at !== null',
    replace: 'row.hidden_at !== null',
  },
  {
    name: 'marking as unread is ignored',
    file: 'chat/unread.ts',
    find: `unread_from_seq')} - 1`,
    replace: `unread_from_seq')} * null`,
  },
  {
    name: 'the read mark falls',
    file: 'chat/receipts.ts',
    find: 'Math.max(member.last_read_seq, upTo)',
    replace: 'upTo',
  },
  {
    name: 'the read mark goes beyond the last message',
    file: 'chat/receipts.ts',
    find: 'Math.min(input.upToSeq ?? chat.last_seq, chat.last_seq)',
    replace: 'input.upToSeq ?? chat.last_seq',
  },
  {
    name: 'reading does not deliver',
    file: 'chat/receipts.ts',
    find: `        1,
        read,`,
    replace: `        1,
        0,`,
  },
  {
    name: 'receipts are told twice',
    file: 'chat/receipts.ts',
    find: '  tx.write(markTold, { chat: chat.id })\n',
    replace: '',
  },
  {
    name: 'a hand-over of later messages delivers the earlier ones',
    file: 'chat/receipts.ts',
    find: '[seqOf(after) + 1, to]',
    replace: '[1, to]',
  },
  {
    name: 'all who were handed something have come as far as one of them',
    file: 'chat/receipts.ts',
    find: 'const place = `',
    replace: 'const place = 0 && `',
  },
  {
    name: 'the end of an interval is ignored',
    file: 'chat/message-statements.ts',
    find: `interval('s.to_offset', 'is', null),
                interval('m.offset', '<=', interval.ref('s.to_offset').$notNull()),`,
    replace: `interval('m.offset', '>', 0),`,
  },
  {
    name: 'the beginning of an interval is ignored',
    file: 'chat/message-statements.ts',
    find: `interval('m.offset', '>', interval.ref('s.from_offset'))`,
    replace: `interval('m.offset', '>', 0)`,
  },
  {
    name: 'what was taken away is still there with all history',
    file: 'chat/message-statements.ts',
    find: `.whereRef('m.offset', '>', 'me.floor_offset')`,
    replace: '',
  },
  {
    name: 'newcomers are told what becomes of older messages',
    file: 'chat/change-message.ts',
    find: 'row ? await usersWithout(tx, row) : []',
    replace: '[]',
  },
  {
    name: 'a repeated post may say something else',
    file: 'chat/post.ts',
    find: 'if (row.deleted_at === null && row.hash !== hash) throw',
    replace: 'if (row.hash === undefined) throw',
  },
  {
    name: 'a repeat is judged by the rules of now',
    file: 'chat/post.ts',
    find: `    if (before) return { message: await repeated(tx, before, { hash, user }), duplicate: true }
    if (!place.isActive)`,
    replace: `    if (before && place.isActive) return { message: await repeated(tx, before, { hash, user }), duplicate: true }
    if (!place.isActive)`,
  },
  {
    name: 'a hidden chat stays hidden',
    file: 'chat/post.ts',
    find: '  await bringBack(tx, chat.id)\n',
    replace: '',
  },
  {
    name: 'a mention outlives its message',
    file: 'chat/change-message.ts',
    find: 'for (const item of new Set(items)) await outside.withdraw(tx, item)',
    replace: '',
  },
  {
    name: 'people who have blocked each other are told of mentions',
    file: 'chat/mentions.ts',
    find: 'isMeant && (await tx.get(blockRow, { user, other }))',
    replace: 'false',
  },
  {
    name: 'a reaction is told again',
    file: 'chat/change-message.ts',
    find: 'if (changed > 0) await tell',
    replace: 'await tell',
  },
  {
    name: 'a group is left without an owner',
    file: 'chat/members.ts',
    find: 'members.length === 0 ||',
    replace: 'members.length !== 0 ||',
  },
  {
    name: 'who comes back has everything to read that was said meanwhile',
    file: 'chat/chat-statements.ts',
    find: `          last_read_seq: p.seq,
          last_delivered_seq: p.seq,
          told_read_seq`,
    replace: `          last_delivered_seq: p.seq,
          told_read_seq`,
  },
]
