import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useKit, useLatePart } from '../kit/KitContext.ts'
import { lateSound } from './late-parts.ts'
import type { Sound, SoundOptions } from './sound.ts'
import { type SoundState, UNTOUCHED } from './sound-state.ts'

export interface NotificationSound extends SoundState {
  setEnabled: Sound['setEnabled']
  /** Answers whether it rang. */
  play: Sound['play']
  setVolume: Sound['setVolume']
  setOnlyUnfocused: Sound['setOnlyUnfocused']
}

const stays = () => () => undefined
const untouched = () => UNTOUCHED

/** The sound of new notifications: whether it is on, and how loud. What somebody chose is remembered on the device. */
export function useNotificationSound({ src, volume, minIntervalMs }: SoundOptions = {}): NotificationSound {
  const { parts } = useKit()
  const sound = useLatePart(lateSound)
  const { subscribe = stays, read = untouched } = sound?.store ?? {}
  const state = useSyncExternalStore(subscribe, read, untouched)
  useEffect(() => {
    if (src !== undefined || volume !== undefined || minIntervalMs !== undefined) {
      sound?.configure({ src, volume, minIntervalMs })
    }
  }, [sound, src, volume, minIntervalMs])
  return useMemo(() => {
    // What is chosen before the sound is there holds all the same.
    const change = (apply: (sound: Sound) => void) => {
      if (sound) apply(sound)
      else void lateSound.load().then((make) => apply(parts.of(make)))
    }
    return {
      ...state,
      play: (tone) => sound?.play(tone) ?? false,
      setEnabled: (isOn) => change((one) => one.setEnabled(isOn)),
      setVolume: (next) => change((one) => one.setVolume(next)),
      setOnlyUnfocused: (isOn) => change((one) => one.setOnlyUnfocused(isOn)),
    }
  }, [parts, sound, state])
}
