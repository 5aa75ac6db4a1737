import { PushToggle, useBrowserNotifications, useNotificationSound } from '@belfry/react'
import { BellRing, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useLook } from './look.ts'
import { LookSwitches } from './look-switches.tsx'
import { Switch } from './switch.tsx'

/** What is chosen on this device: noise and looks. */
export function PreferencesDrawer({ onClose }: { onClose(): void }) {
  const { strings } = useLook()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog ref={dialog} className="drawer" aria-labelledby="preferences-title" onClose={onClose}>
      <header>
        <h2 id="preferences-title">{strings.preferences}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label={strings.close}
          title={strings.close}
          onClick={onClose}
        >
          <X size={18} aria-hidden="true" />
        </button>
      </header>
      <SoundSettings />
      <section>
        <PushToggle />
        <TestButton />
      </section>
      <section lang="en">
        <h3>Appearance</h3>
        <LookSwitches />
      </section>
    </dialog>
  )
}

function SoundSettings() {
  const { strings } = useLook()
  const { enabled, setEnabled, volume, setVolume, onlyUnfocused, setOnlyUnfocused, play } =
    useNotificationSound()
  return (
    <section>
      <Switch label={strings.sound} isOn={enabled} onChange={setEnabled} />
      <label className="field">
        <span>{strings.volume}</span>
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={volume}
          disabled={!enabled}
          onChange={(event) => setVolume(event.target.valueAsNumber)}
          onPointerUp={() => play()}
        />
      </label>
      <Switch label={strings.onlyUnfocused} isOn={onlyUnfocused} onChange={setOnlyUnfocused} />
    </section>
  )
}

/** What a new one is like here: it rings, and where that is allowed the browser shows it. */
function TestButton() {
  const { play } = useNotificationSound()
  const { sendTest } = useBrowserNotifications()
  const test = () => {
    play()
    void sendTest()
  }
  return (
    <button type="button" className="button outlined" lang="en" onClick={test}>
      <BellRing size={15} aria-hidden="true" />
      Test
    </button>
  )
}
