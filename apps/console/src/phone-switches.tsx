import { ExternalLink, LogOut, Moon } from 'lucide-react'
import { SLEEP_MS } from './faulty-line.ts'
import type { Person } from './person.ts'
import { Switch } from './switch.tsx'
import { useStore } from './use-store.ts'

/** What can go wrong on this phone's line; and the same person elsewhere. */
export function PhoneSwitches({ person }: { person: Person }) {
  const { line, label, name } = person
  const { isOff, isSlow, dropsAnswers, isAsleep } = useStore(line.store)
  return (
    <div className="phone-foot">
      <fieldset className="faults">
        <legend className="visually-hidden">What goes wrong for {label}</legend>
        <Switch
          label="Offline"
          fullLabel={`Offline, ${label}`}
          hint="No network for this phone. What is sent meanwhile comes when it is back."
          isOn={isOff}
          onChange={(on) => person.setOff(on)}
        />
        <Switch
          label="+2 s"
          fullLabel={`Network 2 s slower, ${label}`}
          hint="Whatever the server says comes 2 s later."
          isOn={isSlow}
          onChange={(on) => line.setSlow(on)}
        />
        <Switch
          label="Lose acks"
          fullLabel={`Lose every third acknowledgement, ${label}`}
          hint="Every third answer is lost. The client asks again, and nothing happens twice."
          isOn={dropsAnswers}
          onChange={(on) => line.setDropsAnswers(on)}
        />
      </fieldset>
      <div className="phone-links">
        <button
          type="button"
          className="button quiet-button small"
          disabled={isAsleep}
          title={`Freezes the line for ${SLEEP_MS / 1000} s, as when a laptop sleeps: nothing passes, then everything at once.`}
          onClick={() => line.sleep()}
        >
          <Moon size={14} aria-hidden="true" />
          {isAsleep ? 'Asleep…' : 'Sleep'}
          <span className="visually-hidden">, {label}</span>
        </button>
        <a className="button quiet-button small" href={`/inbox?as=${name}`} target="_blank" rel="noopener">
          <ExternalLink size={14} aria-hidden="true" />
          Open in a new tab
          <span className="visually-hidden">, {label}</span>
        </a>
        <button type="button" className="button quiet-button small" onClick={() => person.signOut()}>
          <LogOut size={14} aria-hidden="true" className="mirrored" />
          Sign out
          <span className="visually-hidden"> {label}</span>
        </button>
      </div>
    </div>
  )
}
