import { useState } from 'react'
import { type Draft, sendNotification, wordsOf } from './api.ts'
import { draftOf, type Kind, kinds } from './kinds.ts'
import type { Playground } from './playground.ts'
import { bodyOf } from './snippets.ts'
import { EVERYONE, type Target, targetsOf } from './targets.ts'
import { useStore } from './use-store.ts'
import { useUserIds } from './use-user-ids.ts'

export interface SendOutcome {
  isOk: boolean
  words: string
}

/** What is about to be sent, to whom, and what became of the last one. */
export interface Composition {
  draft: Draft
  setDraft(draft: Draft): void
  targets: readonly Target[]
  target: Target
  pickTarget(id: string): void
  /** Why nothing can be sent now; empty when it can. */
  missing: string
  outcome: SendOutcome | undefined
  sendKind(kind: Kind): void
  sendDraft(): void
}

const EMPTY: Draft = { type: 'info', title: '', message: '', priority: 'medium', meta: {} }

export function useComposition({ people, sender, room, progress }: Playground): Composition {
  const { session } = useStore(sender.store)
  const [draft, setDraft] = useState<Draft>(() => draftOf(kinds[0] ?? EMPTY))
  const [targetId, pickTarget] = useState(EVERYONE.id)
  const [outcome, setOutcome] = useState<SendOutcome>()
  const targets = targetsOf(people, useUserIds(people), room)
  const target = targets.find(({ id }) => id === targetId) ?? EVERYONE
  const { audience } = target
  const send = async (sent: Draft) => {
    if (!session || !audience) return
    const startedAt = performance.now()
    try {
      await sendNotification(session.token, bodyOf(sent, audience))
      const tookMs = Math.max(1, Math.round(performance.now() - startedAt))
      setOutcome({ isOk: true, words: `Sent to ${target.fullLabel} in ${tookMs} ms` })
      progress.tick('sent')
    } catch (error) {
      setOutcome({ isOk: false, words: wordsOf(error) })
    }
  }
  return {
    draft,
    setDraft,
    targets,
    target,
    pickTarget,
    missing: session ? (audience ? '' : target.missing) : `Sign in as ${sender.label} to send.`,
    outcome,
    sendKind(kind) {
      setDraft(draftOf(kind))
      void send(draftOf(kind))
    },
    sendDraft: () => void send(draft),
  }
}
