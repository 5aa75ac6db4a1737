import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import pg from 'pg'
import { type Order, placeOrder, TABLE } from './orders.ts'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
await pool.query(TABLE)

const shop = createServer(async (request, response) => {
  if (request.method !== 'POST' || request.url !== '/orders') {
    response.writeHead(404).end('POST /orders {"id":"A-1","customer":"ada","total":42}\n')
    return
  }
  const client = await pool.connect()
  try {
    // A shop looks at what it is sent before it believes it; this one is about what comes after.
    await placeOrder(client, (await json(request)) as Order)
    response.writeHead(201).end('Placed.\n')
  } catch (error) {
    response.writeHead(400).end(`${error instanceof Error ? error.message : 'It was not placed.'}\n`)
  } finally {
    client.release()
  }
})
shop.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
