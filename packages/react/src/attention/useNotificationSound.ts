import { useEffect, useSyncExternalStore } from 'react'
import { usePart } from '../kit/KitContext.ts'
import { type Sound, type SoundOptions, type SoundState, soundOf } from './sound.ts'

export interface NotificationSound extends SoundState {
  setEnabled: Sound['setEnabled']
  /** Answers whether it rang. */
  play: Sound['play']
  setVolume: Sound['setVolume']
  setOnlyUnfocused: Sound['setOnlyUnfocused']
}

/** The sound of new notifications: whether it is on, and how loud. What somebody chose is remembered on the device. */
export function useNotificationSound({ volume, minIntervalMs }: SoundOptions = {}): NotificationSound {
  const sound = usePart(soundOf)
  const { store, play, setEnabled, setVolume, setOnlyUnfocused } = sound
  const state = useSyncExternalStore(store.subscribe, store.read, store.read)
  useEffect(() => {
    if (volume !== undefined || minIntervalMs !== undefined) sound.configure({ volume, minIntervalMs })
  }, [sound, volume, minIntervalMs])
  return { ...state, play, setEnabled, setVolume, setOnlyUnfocused }
}
