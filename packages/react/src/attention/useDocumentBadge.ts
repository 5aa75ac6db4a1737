import type { ClientState } from '@belfry/client'
import { useEffect, useRef } from 'react'
import { useKit } from '../kit/KitContext.ts'
import { useClientState } from '../kit/useClientState.ts'
import { Later, useLater } from '../ui/later.ts'
import type { DocumentBadge, DocumentBadgeOptions } from './document-badge.ts'
import { useTabLeader } from './useTabLeader.ts'

const unreadIn = (state: ClientState | undefined) => state?.counts.unread ?? 0

const lateBadge = new Later(() => import('./document-badge.ts'))

/** Unread notifications in the page's title, in its icon and on the installed app. Once per page. */
export function useDocumentBadge({ title = true, favicon, app = true }: DocumentBadgeOptions = {}): void {
  const { client } = useKit()
  const unread = useClientState(client, unreadIn)
  const { isLeader } = useTabLeader()
  const latest = useRef({ unread, isLeader })
  const badge = useRef<DocumentBadge>(undefined)
  const code = useLater(lateBadge)
  useEffect(() => {
    if (!code) return
    const made = new code.DocumentBadge(code.documentPage(), { title, favicon, app })
    badge.current = made
    made.show(latest.current.unread, latest.current.isLeader)
    return () => made.close()
  }, [code, title, favicon, app])
  useEffect(() => {
    latest.current = { unread, isLeader }
    badge.current?.show(unread, isLeader)
  }, [unread, isLeader])
}
