import { useId } from 'react'
import type { Strings } from '../kit/strings.ts'
import { useStrings } from '../kit/useStrings.ts'
import type { PartProps } from '../ui/part.ts'
import type { BrowserState } from './browser-state.ts'
import { useBrowserPart } from './late-parts.ts'

/** Turns notifications of the browser on, and says what stands in the way. Off again is web push alone. */
export function PushBody(props: PartProps) {
  const { browser, state } = useBrowserPart()
  const strings = useStrings()
  const id = useId()
  if (!browser) return null
  const isOn = state.permission === 'granted' && (!browser.hasPush || state.pushState === 'on')
  const canChange = state.supported && state.permission !== 'denied' && (!isOn || browser.hasPush)
  return (
    <div data-belfry-push="" className={props.className} style={props.style}>
      <button
        type="button"
        data-belfry-button="plain"
        aria-pressed={isOn}
        aria-describedby={id}
        disabled={!canChange || state.pushState === 'subscribing'}
        onClick={() => void (isOn ? browser.unsubscribe() : browser.turnOn())}
      >
        {strings.browserNotifications}
      </button>
      <p id={id}>{explain(state, isOn, strings)}</p>
    </div>
  )
}

function explain({ supported, permission, reason }: BrowserState, isOn: boolean, strings: Strings): string {
  if (!supported || reason === 'noWorker') return strings.browserUnsupported
  if (permission === 'denied') return strings.browserDenied
  return isOn ? strings.browserGranted : strings.promptText
}
