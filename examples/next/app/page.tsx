import { signedInUser } from '../session.ts'
import { placeOrder } from './actions.ts'

export default async function Page() {
  if (!(await signedInUser())) return <p>Sign in to place an order.</p>
  return (
    <form action={placeOrder}>
      <h1>Place an order</h1>
      <label>
        Customer
        <select name="customer">
          <option>ada</option>
          <option>grace</option>
        </select>
      </label>
      <label>
        Total
        <input name="total" type="number" defaultValue={42} />
      </label>
      <button type="submit">Place order</button>
    </form>
  )
}
