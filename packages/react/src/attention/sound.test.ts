import { beforeEach, expect, it } from 'vitest'
import { Sound, type SoundSurroundings } from './sound.ts'

let nowMs: number
let stored: Map<string, string>
let rings: [volume: number, tone: number | string][]
let isRunning: boolean
let mayResume: boolean
let opened: number
let gesture: () => void

const surroundings = (): SoundSurroundings => ({
  openSpeaker: () => {
    opened += 1
    return {
      isRunning: () => isRunning,
      resume: async () => {
        isRunning = mayResume
      },
      ring: (volume, tone) => void rings.push([volume, tone]),
      close: () => {
        isRunning = false
      },
    }
  },
  watchGestures: (listener) => {
    gesture = listener
    return () => {
      gesture = () => undefined
    }
  },
  storage: {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
  },
  now: () => nowMs,
})

function open(): Sound {
  const sound = new Sound(surroundings())
  sound.open()
  return sound
}

async function unlocked(): Promise<Sound> {
  const sound = open()
  gesture()
  await Promise.resolve()
  return sound
}

beforeEach(() => {
  nowMs = 0
  stored = new Map()
  rings = []
  isRunning = false
  mayResume = true
  opened = 0
})

it('is silent and touches no audio before a gesture', () => {
  const sound = open()
  expect(sound.play()).toBe(false)
  expect(opened).toBe(0)
  expect(sound.store.read()).toEqual({ enabled: true, unlocked: false, volume: 0.5, onlyUnfocused: false })
})

it('rings after a gesture', async () => {
  const sound = await unlocked()
  expect(sound.store.read().unlocked).toBe(true)
  expect(sound.play()).toBe(true)
  expect(rings).toEqual([[0.5, 0]])
})

it('stays locked where the browser refuses, until a gesture that it takes', async () => {
  mayResume = false
  const sound = await unlocked()
  expect(sound.play()).toBe(false)
  mayResume = true
  gesture()
  await Promise.resolve()
  expect(sound.play()).toBe(true)
  expect(opened).toBe(1)
})

it('is locked again when the system has taken the loudspeaker', async () => {
  const sound = await unlocked()
  isRunning = false
  expect(sound.play()).toBe(false)
  expect(sound.store.read().unlocked).toBe(false)
})

it('rings once in 3 s', async () => {
  const sound = await unlocked()
  expect([sound.play(), sound.play()]).toEqual([true, false])
  nowMs = 2_999
  expect(sound.play()).toBe(false)
  nowMs = 3_000
  expect(sound.play()).toBe(true)
  expect(rings).toHaveLength(2)
})

it('takes another interval, volume and pitch', async () => {
  const sound = await unlocked()
  sound.configure({ volume: 0.2, minIntervalMs: 100 })
  sound.play(5)
  nowMs = 100
  sound.play()
  expect(rings).toEqual([
    [0.2, 5],
    [0.2, 0],
  ])
})

it('remembers on this device what was chosen, over what the app prefers', () => {
  const sound = open()
  sound.setEnabled(false)
  sound.setVolume(7)
  sound.setOnlyUnfocused(true)
  const next = open()
  next.configure({ volume: 0.2 })
  expect(next.store.read()).toMatchObject({ enabled: false, volume: 1, onlyUnfocused: true })
})

it.each(['nonsense', 'null', '7', '{"enabled":"yes","volume":"loud"}'])(
  'ignores a broken memory: %s',
  (broken) => {
    stored.set('belfry:sound', broken)
    expect(open().store.read()).toEqual({ enabled: true, unlocked: false, volume: 0.5, onlyUnfocused: false })
  },
)

it('is silent when it was turned off, here or in another tab', async () => {
  const sound = await unlocked()
  stored.set('belfry:sound', '{"enabled":false}')
  expect(sound.play()).toBe(false)
  expect(sound.store.read().enabled).toBe(false)
})

it('is unlocked by being turned on', async () => {
  stored.set('belfry:sound', '{"enabled":false}')
  const sound = await unlocked()
  expect(opened).toBe(0)
  sound.setEnabled(true)
  await Promise.resolve()
  expect(sound.play()).toBe(true)
})

it('rings no more after it was closed', async () => {
  const sound = await unlocked()
  sound.close()
  gesture()
  await Promise.resolve()
  expect(sound.play()).toBe(false)
  expect(opened).toBe(1)
})

it('rings with the file of its type, else with that of the app, else with ours', async () => {
  const sound = await unlocked()
  sound.configure({ src: '/app.wav', minIntervalMs: 0 })
  sound.play('/order.wav')
  sound.play()
  sound.configure({ minIntervalMs: 0 })
  sound.play()
  expect(rings.map(([, tone]) => tone)).toEqual(['/order.wav', '/app.wav', 0])
})
