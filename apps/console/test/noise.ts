/** What the packaged browser does not do is played: focus comes and goes, sounds are counted, notifications allowed. */

export interface Noise {
  sounds: number
  /** Titles of what the operating system was asked to show. */
  shown: string[]
  /** Changes the window, as far as the page can tell. */
  focus(isFocused: boolean): void
}

/** Runs in the page before everything else, so it uses nothing of this file. Puts itself there as `noise`. */
export function playNoise(): void {
  let isFocused = true
  let permission: NotificationPermission = 'default'
  const noise: Noise = {
    sounds: 0,
    shown: [],
    focus(isNow) {
      isFocused = isNow
      dispatchEvent(new Event(isNow ? 'focus' : 'blur'))
    },
  }
  Object.assign(window, { noise })
  document.hasFocus = () => isFocused
  class Context {
    state = 'suspended'
    currentTime = 0
    destination = {}
    async resume() {
      this.state = 'running'
    }
    async close() {
      this.state = 'closed'
    }
  }
  class Gain {
    gain = { setValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined }
    connect = (to: unknown) => to
  }
  class Oscillator {
    connect = (to: unknown) => to
    stop = () => undefined
    start(at: number) {
      // A sound has two notes, the second one later.
      if (at === 0) noise.sounds += 1
    }
  }
  Object.assign(window, { AudioContext: Context, GainNode: Gain, OscillatorNode: Oscillator })
  Object.defineProperty(Notification, 'permission', { get: () => permission })
  Notification.requestPermission = async () => {
    permission = 'granted'
    return permission
  }
  ServiceWorkerRegistration.prototype.showNotification = async (title) => {
    noise.shown.push(title)
  }
}
