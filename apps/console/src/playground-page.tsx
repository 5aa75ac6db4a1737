import { Announcer } from './announcer.tsx'
import { openSample } from './api.ts'
import { Checklist } from './checklist.tsx'
import { CodeCard } from './code-card.tsx'
import { Composer } from './composer.tsx'
import { Pane } from './pane.tsx'
import type { Person } from './person.ts'
import type { Playground } from './playground.ts'
import { TopBar } from './top-bar.tsx'
import { useComposition } from './use-composition.ts'
import { WireLog } from './wire-log.tsx'

export function PlaygroundPage({ playground }: { playground: Playground }) {
  const { people, sender, wire, progress, announcements } = playground
  const composition = useComposition(playground)
  const signIn = (person: Person) => person.signIn(() => openSample(person.name))
  return (
    <>
      <TopBar isPlayground />
      <main className="playground">
        <h1 className="visually-hidden">Belfry playground</h1>
        <Checklist
          progress={progress}
          people={people}
          onSignInAll={() => people.forEach((one) => void signIn(one))}
        />
        <div className="stage">
          <Composer composition={composition} sender={sender} onSent={() => progress.tick('sent')} />
          {people.map((person) => (
            <Pane
              key={person.name}
              person={person}
              signIn={
                <button type="button" className="button primary" onClick={() => void signIn(person)}>
                  Sign in as {person.label}
                </button>
              }
              canSwitchOff
            />
          ))}
        </div>
        <div className="backstage">
          <CodeCard composition={composition} sender={sender} />
          <WireLog wire={wire} />
        </div>
      </main>
      <Announcer announcements={announcements} />
    </>
  )
}
