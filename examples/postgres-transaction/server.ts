import express from 'express'
import pg from 'pg'
import { placeOrder, TABLE } from './orders.ts'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
await pool.query(TABLE)

const app = express()
app.use(express.json())
app.get('/', (_request, response) => {
  response.send('POST /orders {"id":"A-1","customer":"ada","total":42}')
})
app.post('/orders', async (request, response) => {
  const client = await pool.connect()
  try {
    await placeOrder(client, request.body)
    response.sendStatus(201)
  } catch (error) {
    response.status(400).send(error instanceof Error ? error.message : 'It was not placed.')
  } finally {
    client.release()
  }
})
app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
