// Fills a data folder that a Belfry made and left: accounts, their subscriptions, and notifications, straight into the tables.
// Its own process, because a million rows would leave garbage in the benchmark's. Usage: seed.ts FILE ACCOUNTS ITEMS CHAT_SIZE

import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { sessionId, userId } from '../target.ts'

const ROWS_PER_COMMIT = 200_000
const YEAR_MS = 365 * 86_400_000
const CATEGORY = 'order'
const EVERYONE = ['all', 'role:user']

/** Ids in the order of acceptance, in the layout of a UUID of version 7. */
const itemId = (number: number, at: number): string => {
  const time = at.toString(16).padStart(12, '0')
  const tail = number.toString(16).padStart(15, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-8${tail.slice(3, 6)}-${tail.slice(6)}000`
}

class Seeder {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #written = 0

  constructor(file: string) {
    this.#db = new DatabaseSync(file)
    // Nobody's data: a crash means to seed again.
    this.#db.exec('pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -1000000; begin')
  }

  insert(table: string, row: Readonly<Record<string, string | number | null>>): void {
    let statement = this.#statements.get(table)
    if (statement === undefined) {
      const columns = Object.keys(row)
      const names = columns.map((name) => `"${name}"`).join(', ')
      statement = this.#db.prepare(
        `insert or ignore into ${table} (${names}) values (${columns.map(() => '?').join(', ')})`,
      )
      this.#statements.set(table, statement)
    }
    statement.run(...Object.values(row))
    if (++this.#written % ROWS_PER_COMMIT === 0) this.#db.exec('commit; begin')
  }

  finish(): void {
    this.#db.exec('commit; pragma wal_checkpoint(truncate)')
    this.#db.close()
  }
}

const topicRow = (topic: string, items: number) => ({
  topic,
  head: items,
  items,
  revoked: 0,
  tail_offset: 0,
  tail_rank: 0,
  categories: items === 0 ? '{}' : JSON.stringify({ [CATEGORY]: items }),
})

const subscriptionRow = (user: string, topic: string) => ({
  user_id: user,
  topic,
  part: 0,
  from_offset: 0,
  to_offset: null,
  from_rank: 0,
  to_rank: null,
  from_categories: '{}',
  to_categories: null,
  delivered_rank: 0,
  delivered_late: null,
  seen_rank: 0,
  read_rank: 0,
  read_categories: '{}',
  cleared_rank: 0,
  cleared_categories: '{}',
})

const seedAccounts = (
  seeder: Seeder,
  accounts: number,
  itemsOf: (user: number) => number,
  at: number,
): void => {
  for (const topic of EVERYONE) seeder.insert('topic', topicRow(topic, 0))
  for (let user = 0; user < accounts; user++) {
    const id = userId(user)
    seeder.insert('account', {
      id,
      email: null,
      password_hash: null,
      roles: '["user"]',
      disabled: 0,
      created_at: at,
    })
    seeder.insert('session', {
      id: sessionId(user),
      user_id: id,
      created_at: at,
      expires_at: at + YEAR_MS,
      revoked_at: null,
    })
    seeder.insert('topic', topicRow(`user:${id}`, itemsOf(user)))
    for (const topic of [`user:${id}`, ...EVERYONE]) seeder.insert('subscription', subscriptionRow(id, topic))
  }
}

const seedItem = (
  seeder: Seeder,
  number: number,
  { topic, rank, at }: { topic: string; rank: number; at: number },
): void => {
  const id = itemId(number, at)
  seeder.insert('item', {
    id,
    topic,
    rank,
    offset: rank,
    category: CATEGORY,
    created_at: at,
    expires_at: null,
    revoked_at: null,
    body_id: null,
    withheld_from: null,
    sender: 'system',
    type: 'order:new',
    priority: 'medium',
    body: JSON.stringify({
      title: 'A new order',
      message: `Order ${number} received`,
      meta: { orderId: `o-${number}` },
    }),
  })
}

/** Half of the items belong to a thousandth of the users, as a few people have full inboxes; the rest is spread evenly. */
const itemsPerUser = (accounts: number, items: number): ((user: number) => number) => {
  const heavy = Math.max(1, Math.floor(accounts / 1_000))
  const light = Math.max(1, accounts - heavy)
  const forHeavy = Math.floor(items / 2)
  const share = (total: number, among: number, at: number): number =>
    Math.floor(total / among) + (at < total % among ? 1 : 0)
  return (user) =>
    user < heavy ? share(forHeavy, heavy, user) : share(items - forHeavy, light, user - heavy)
}

/** Users in the order of their numbers, so many to a chat. */
const seedChats = (seeder: Seeder, accounts: number, chatSize: number, at: number): void => {
  for (let first = 0; first < accounts; first += chatSize) {
    const members = Array.from({ length: Math.min(chatSize, accounts - first) }, (_, index) => first + index)
    seedChat(seeder, `chat-${first}`, members.map(userId), at)
  }
}

const seedChat = (seeder: Seeder, id: string, members: readonly string[], at: number): void => {
  seeder.insert('room', { id, kind: 'group', created_at: at })
  seeder.insert('topic', topicRow(`room:${id}`, 0))
  seeder.insert('chat', {
    ...{
      id,
      type: 'group',
      title: null,
      avatar_url: null,
      context: null,
      state: 'open',
      history: 'sinceJoin',
    },
    ...{
      creator: members[0] ?? '',
      last_seq: 0,
      member_count: members.length,
      pins: '[]',
      receipts_due: null,
    },
    ...{ created_at: at, updated_at: at },
  })
  for (const user of members) {
    seeder.insert('subscription', subscriptionRow(user, `room:${id}`))
    seeder.insert('member', {
      ...{ chat_id: id, user_id: user, role: 'member', access: 'readwrite', joined_at: at },
    })
  }
}

const [file, accountsText, itemsText, chatSizeText] = process.argv.slice(2)
if (file === undefined) throw new Error('usage: seed.ts FILE ACCOUNTS ITEMS CHAT_SIZE')
const accounts = Number(accountsText)
const items = Number(itemsText)
const chatSize = Number(chatSizeText)
const startedAt = Date.now() - items
const itemsOf = itemsPerUser(accounts, items)
const seeder = new Seeder(file)
seedAccounts(seeder, accounts, itemsOf, startedAt)
if (chatSize > 0) seedChats(seeder, accounts, chatSize, startedAt)
let number = 0
for (let user = 0; user < accounts; user++) {
  const topic = `user:${userId(user)}`
  for (let rank = 1; rank <= itemsOf(user); rank++)
    seedItem(seeder, number, { topic, rank, at: startedAt + number++ })
}
seeder.finish()
