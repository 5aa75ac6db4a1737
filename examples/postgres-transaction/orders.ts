import { notify } from '@belfry/node'
import type pg from 'pg'

export interface Order {
  id: string
  customer: string
  total: number
}

export const TABLE = `create table if not exists orders (
  id text primary key, customer text not null, total numeric not null, placed_at timestamptz not null default now())`

/** The order and the word of it, both or neither. */
export async function placeOrder(client: pg.ClientBase, { id, customer, total }: Order): Promise<void> {
  await client.query('begin')
  try {
    await client.query('insert into orders (id, customer, total) values ($1, $2, $3)', [id, customer, total])
    await notify(client, {
      audience: { user: customer },
      type: 'order:new',
      title: 'Order placed',
      message: `Your order ${id} over ${total} € was placed.`,
      meta: { orderId: id },
    })
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
