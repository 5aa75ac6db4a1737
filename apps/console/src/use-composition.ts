import { useState } from 'react'
import type { Draft } from './api.ts'
import { draftOf, kinds } from './kinds.ts'
import type { Playground } from './playground.ts'
import { type Target, targetsOf } from './targets.ts'
import { useUserIds } from './use-user-ids.ts'

/** What is about to be sent, and to whom. */
export interface Composition {
  draft: Draft
  setDraft(draft: Draft): void
  targets: readonly Target[]
  target: Target
  pickTarget(id: string): void
}

const FIRST: Draft = kinds[0] ?? { type: 'info', title: '', message: '', priority: 'medium' }
const EVERYONE: Target = {
  id: 'all',
  label: 'Everyone',
  fullLabel: 'Everyone',
  audience: { all: true },
  missing: '',
}

export function useComposition({ people, sender, room }: Playground): Composition {
  const [draft, setDraft] = useState<Draft>(() => draftOf(FIRST))
  const [targetId, pickTarget] = useState(people.find((one) => one !== sender)?.name ?? EVERYONE.id)
  const targets = [...targetsOf(people, useUserIds(people), room), EVERYONE]
  const target = targets.find(({ id }) => id === targetId) ?? EVERYONE
  return { draft, setDraft, targets, target, pickTarget }
}
