import { useEffect } from 'react'
import { Checklist, NextStep } from './checklist.tsx'
import { CodeCard } from './code-card.tsx'
import { Composer } from './composer.tsx'
import { LookSwitches } from './look-switches.tsx'
import { Phone } from './phone.tsx'
import type { Playground } from './playground.ts'
import { joinTabs } from './tab-circle.ts'
import { DocsLinks, TopBar } from './top-bar.tsx'
import { useComposition } from './use-composition.ts'
import { WireLog } from './wire-log.tsx'

/** Source: ui.md §7: this page and one for each of the two people. */
const TABS = 3

export function PlaygroundPage({ playground }: { playground: Playground }) {
  const { people, sender, chat, wire, progress } = playground
  const composition = useComposition(playground)
  const [first, ...others] = people
  useEffect(
    () =>
      joinTabs((count) => {
        if (count >= TABS) progress.tick('tabs')
      }),
    [progress],
  )
  return (
    <>
      <TopBar isPlayground>
        <LookSwitches />
        <DocsLinks />
      </TopBar>
      <main className="playground">
        <div className="intro">
          <h1>Press a button, watch it arrive</h1>
          <NextStep progress={progress} />
        </div>
        <Checklist progress={progress} />
        <div className="stage">
          {first && <Phone person={first} chatId={chat} side="start" hasVoice={others.length === 0} />}
          <div className="middle">
            <Composer composition={composition} />
            <CodeCard composition={composition} sender={sender} />
          </div>
          {others.map((person, index) => (
            <Phone key={person.name} person={person} chatId={chat} side="end" hasVoice={index === 0} />
          ))}
        </div>
        <WireLog wire={wire} />
      </main>
    </>
  )
}
