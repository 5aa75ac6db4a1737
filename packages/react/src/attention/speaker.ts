/** Plays the sound of a notification. */
export interface Speaker {
  /** False until a gesture let it, and again when the system has taken the device. */
  isRunning(): boolean
  /** Settles when it runs; inside a gesture, that is at once. */
  resume(): Promise<void>
  /**
   * @param volume 0 to 1
   * @param tone Half tones above the usual pitch, or the address of a sound; where that cannot be had it is the usual one
   */
  ring(volume: number, tone: number | string): void
  close(): void
}

/** A5 and D6, a fourth: friendly, and high enough for the loudspeakers of phones. */
const NOTES_HZ = [880, 1174.66]
const NOTE_GAP_S = 0.12
const NOTE_S = 0.4
const ATTACK_S = 0.01
/** A ramp that is exponential cannot end at 0. */
const SILENT = 0.0001

/** Synthesised unless an app has a file, because a strict policy allows no `data:` file and an app should not have to host one. */
export function openSpeaker(): Speaker | undefined {
  if (typeof AudioContext === 'undefined') return undefined
  const context = new AudioContext()
  const buffers = new Map<string, Promise<AudioBuffer>>()
  const bufferOf = (src: string) => {
    const buffer = buffers.get(src) ?? load(context, src)
    buffers.set(src, buffer)
    // What did not come may come the next time.
    buffer.catch(() => buffers.delete(src))
    return buffer
  }
  return {
    isRunning: () => context.state === 'running',
    resume: () => context.resume(),
    ring(volume, tone) {
      if (typeof tone === 'number') playNotes(context, tone, volume)
      else {
        bufferOf(tone).then(
          (buffer) => playBuffer(context, buffer, volume),
          () => playNotes(context, 0, volume),
        )
      }
    },
    close: () => void context.close(),
  }
}

async function load(context: AudioContext, src: string): Promise<AudioBuffer> {
  const response = await fetch(src)
  return context.decodeAudioData(await response.arrayBuffer())
}

function playBuffer(context: AudioContext, buffer: AudioBuffer, volume: number): void {
  const source = new AudioBufferSourceNode(context, { buffer })
  source.connect(new GainNode(context, { gain: volume })).connect(context.destination)
  source.start()
}

function playNotes(context: AudioContext, halfTones: number, volume: number): void {
  for (const [index, hz] of NOTES_HZ.entries()) {
    const startsAt = context.currentTime + index * NOTE_GAP_S
    playNote(context, hz * 2 ** (halfTones / 12), volume, startsAt)
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
