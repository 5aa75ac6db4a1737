import '@belfry/react/styles.css'
import './app.css'
import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { signedInUser } from '../session.ts'
import { Inbox } from './inbox.tsx'

export const metadata: Metadata = { title: 'Shop' }

export default async function Layout({ children }: { children: ReactNode }) {
  const user = await signedInUser()
  return (
    <html lang="en">
      <body>
        <header>
          <Link href="/">Shop</Link>
          {user === undefined ? <Link href="/login">Sign in</Link> : <Inbox key={user} user={user} />}
        </header>
        <main>{children}</main>
      </body>
    </html>
  )
}
