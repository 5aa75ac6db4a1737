import { inboxToken, signedInUser } from '../../session.ts'

/** A token for the inbox of whoever is signed in. */
export async function GET(): Promise<Response> {
  const user = await signedInUser()
  if (user === undefined) return new Response(null, { status: 401 })
  return new Response(await inboxToken(user), { headers: { 'cache-control': 'no-store' } })
}
