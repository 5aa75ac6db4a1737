import { Check } from 'lucide-react'
import { type Progress, steps } from './progress.ts'
import { useStore } from './use-store.ts'

/** Ticks itself while somebody plays. */
export function Checklist({ progress }: { progress: Progress }) {
  const done = useStore(progress.store)
  const next = steps.find(({ id }) => !done.has(id))
  return (
    <section className="checklist" aria-label="Things to try">
      <ol>
        {steps.map(({ id, label, hint }, index) => (
          <li
            key={id}
            title={hint}
            data-step={id}
            data-done={done.has(id)}
            aria-current={id === next?.id ? 'step' : undefined}
          >
            <span className="tick" aria-hidden="true">
              {done.has(id) ? <Check size={13} strokeWidth={3} /> : index + 1}
            </span>
            {label}
            <span className="visually-hidden">{done.has(id) ? ' (done)' : ' (to do)'}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What this is, and then how the next step goes. */
export function NextStep({ progress }: { progress: Progress }) {
  const done = useStore(progress.store)
  const next = steps.find(({ id }) => !done.has(id))
  if (done.size === 0) {
    return (
      <p className="quiet">
        Two people, each on a phone with a socket of their own. Everything here is live.
      </p>
    )
  }
  return <p className="quiet">{next ? `Next: ${next.hint}` : 'All done, and nothing was lost.'}</p>
}
