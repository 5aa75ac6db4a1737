/** For the test: places one order, and kills itself at a statement. Usage: killed.ts ID CUSTOMER NUMBER before|during|after */
import pg from 'pg'
import { placeOrder } from './orders.ts'

const [id = '', customer = '', number = '0', when] = process.argv.slice(2)
const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
await client.connect()

const die = () => process.kill(process.pid, 'SIGKILL')
const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
let count = 0
Object.assign(client, {
  async query(...args: unknown[]) {
    count += 1
    const isHere = count === Number(number)
    if (isHere && when === 'before') die()
    const answer = query(...args)
    // It is on its way, and nobody will hear what became of it.
    if (isHere && when === 'during') setTimeout(die, 0)
    await answer
    if (isHere && when === 'after') die()
    return answer
  },
})
await placeOrder(client, { id, customer, total: 42 })
await client.end()
