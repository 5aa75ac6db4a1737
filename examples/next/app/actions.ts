'use server'

import { randomUUID } from 'node:crypto'
import { NotificationEmitter } from '@belfry/node'
import { redirect } from 'next/navigation'
import { endSession, openSession, signedInUser } from '../session.ts'

/** Sample people. An app compares hashes that it has stored. */
const passwords = new Map([
  ['ada', 'analytical'],
  ['grace', 'nanosecond'],
])

export async function signIn(_problem: string, form: FormData): Promise<string> {
  const user = String(form.get('user'))
  if (!passwords.has(user) || passwords.get(user) !== form.get('password')) return 'Wrong name or password.'
  await openSession(user)
  redirect('/')
}

export async function signOut(): Promise<void> {
  await endSession()
  redirect('/login')
}

export async function placeOrder(form: FormData): Promise<void> {
  if (!(await signedInUser())) redirect('/login')
  const order = {
    id: randomUUID().slice(0, 8),
    total: Number(form.get('total')),
    userId: String(form.get('customer')),
  }
  await NotificationEmitter.orderCreated(order, { url: `/orders/${order.id}` })
}
