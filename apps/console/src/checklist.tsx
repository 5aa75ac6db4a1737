import { Check } from 'lucide-react'
import { useStore } from './hooks.ts'
import type { Person } from './person.ts'
import { type Progress, steps } from './progress.ts'
import { useUserIds } from './use-user-ids.ts'

interface ChecklistProps {
  progress: Progress
  people: readonly Person[]
  onSignInAll(): void
}

export function Checklist({ progress, people, onSignInAll }: ChecklistProps) {
  const done = useStore(progress.store)
  const isNobodyHere = useUserIds(people).size === 0
  const next = steps.find(({ id }) => !done.has(id))?.id
  return (
    <section className="checklist" aria-label="Things to try">
      <ol>
        {steps.map(({ id, label }, index) => (
          <li key={id} data-done={done.has(id)} {...(id === next ? { 'aria-current': 'step' as const } : {})}>
            <span className="tick" aria-hidden="true">
              {done.has(id) ? <Check size={13} strokeWidth={3} /> : index + 1}
            </span>
            {label}
            <span className="visually-hidden">{done.has(id) ? ' (done)' : ' (to do)'}</span>
          </li>
        ))}
      </ol>
      {isNobodyHere && (
        <button type="button" className="button primary small" onClick={onSignInAll}>
          Sign in both
        </button>
      )}
    </section>
  )
}
