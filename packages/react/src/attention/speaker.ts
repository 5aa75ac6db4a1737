/** Plays the sound of a notification. */
export interface Speaker {
  /** False until a gesture let it, and again when the system has taken the device. */
  isRunning(): boolean
  /** Settles when it runs; inside a gesture, that is at once. */
  resume(): Promise<void>
  /** @param volume 0 to 1. @param halfTones Above the usual pitch. */
  ring(volume: number, halfTones: number): void
  close(): void
}

/** A5 and D6, a fourth: friendly, and high enough for the loudspeakers of phones. */
const NOTES_HZ = [880, 1174.66]
const NOTE_GAP_S = 0.12
const NOTE_S = 0.4
const ATTACK_S = 0.01
/** A ramp that is exponential cannot end at 0. */
const SILENT = 0.0001

/** Synthesised, because a strict policy allows no `data:` file and an app should not have to host one. */
export function openSpeaker(): Speaker | undefined {
  if (typeof AudioContext === 'undefined') return undefined
  const context = new AudioContext()
  return {
    isRunning: () => context.state === 'running',
    resume: () => context.resume(),
    ring(volume, halfTones) {
      for (const [index, hz] of NOTES_HZ.entries()) {
        const startsAt = context.currentTime + index * NOTE_GAP_S
        playNote(context, hz * 2 ** (halfTones / 12), volume, startsAt)
      }
    },
    close: () => void context.close(),
  }
}

function playNote(context: AudioContext, hz: number, volume: number, startsAt: number): void {
  const tone = new OscillatorNode(context, { type: 'sine', frequency: hz })
  const gain = new GainNode(context, { gain: 0 })
  gain.gain.setValueAtTime(SILENT, startsAt)
  gain.gain.exponentialRampToValueAtTime(Math.max(volume, SILENT), startsAt + ATTACK_S)
  gain.gain.exponentialRampToValueAtTime(SILENT, startsAt + NOTE_S)
  tone.connect(gain).connect(context.destination)
  tone.start(startsAt)
  tone.stop(startsAt + NOTE_S)
}
