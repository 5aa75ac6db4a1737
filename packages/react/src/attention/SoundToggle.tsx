import { useStrings } from '../kit/useStrings.ts'
import { PanelIcon } from '../ui/PanelIcon.tsx'
import { type PartProps, part } from '../ui/part.ts'
import { useNotificationSound } from './useNotificationSound.ts'

/** Turns the sound of new notifications on and off. */
export const SoundToggle = part('sound', function SoundToggle(props: PartProps) {
  const strings = useStrings()
  const { enabled, setEnabled } = useNotificationSound()
  return (
    <button
      type="button"
      data-belfry-icon-button=""
      // The state is said by "pressed", so the name must not change with it.
      aria-label={strings.sound}
      aria-pressed={enabled}
      title={enabled ? strings.soundOff : strings.soundOn}
      className={props.className}
      style={props.style}
      onClick={() => setEnabled(!enabled)}
    >
      <PanelIcon name={enabled ? 'sound' : 'mute'} />
    </button>
  )
})
