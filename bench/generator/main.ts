// The load generator's process: it takes commands over IPC and keeps one core busy with nothing else.

import { setTimeout as sleep } from 'node:timers/promises'
import { settings } from '../settings.ts'
import type { CommandName, Commands, PublishInput, PublishReport } from './commands.ts'
import { watchCore, watchOwnShare } from './cores.ts'
import { flap } from './flapping.ts'
import { Fleet } from './fleet.ts'
import { Phase } from './phase.ts'
import { StreamRun } from './stream-run.ts'

const SETTLE_TICK_MS = 2
/** A frame that comes twice comes soon after: the server's retry, its second room, its resync. */
const REPEAT_WATCH_MS = 300

let phase: Phase | null = null
let port = 0
let nextSequence = 1
const fleet = new Fleet((sequence, recipient) => phase?.arrived(sequence, recipient))

const publish = async (input: PublishInput): Promise<PublishReport> => {
  const current = new Phase({ ...input, base: nextSequence })
  phase = current
  const runs = input.streams.map((stream) => new StreamRun(stream.port ?? port, stream, current))
  const done = Promise.all(runs.map((run) => run.run(settings.drainMs)))
  await sleep(input.warmUpMs)
  const serverCore = watchCore(Number(settings.serverCpu))
  const generatorCore = watchCore(Number(settings.generatorCpu))
  const ownShare = watchOwnShare()
  await Promise.race([sleep(input.windowMs), done])
  const busy = { serverCore: serverCore(), generatorCore: generatorCore() }
  const foreignShare = Math.max(0, busy.generatorCore - ownShare())
  await done
  nextSequence = current.ledger.next
  return {
    windowMs: input.windowMs,
    streams: runs.map((run) => run.report()),
    ...busy,
    foreignShare,
  }
}

const settle: Commands['settle'] = async (withinMs) => {
  const startedAt = performance.now()
  const counts = () => phase?.ledger.counts ?? { lost: 0, repeated: 0, misdelivered: 0 }
  while (counts().lost > 0 && performance.now() - startedAt < withinMs) {
    await sleep(SETTLE_TICK_MS)
  }
  const durationMs = performance.now() - startedAt
  await sleep(REPEAT_WATCH_MS)
  return { ...counts(), durationMs }
}

const commands: Commands = {
  connect: (input) => {
    port = input.port
    return fleet.connect(input)
  },
  closed: async () => fleet.closed,
  disconnect: async () => {
    fleet.disconnect()
    return null
  },
  reconnect: ({ indexes, perS }) => fleet.reconnect(indexes, perS),
  stall: async (index) => {
    fleet.at(index).stall()
    return null
  },
  resume: async (index) => {
    fleet.at(index).resume()
    return null
  },
  flap: (input) => flap(fleet, input),
  publish,
  settle,
}

interface Call {
  readonly id: number
  readonly name: CommandName
  readonly input: never
}

const answer = async ({ id, name, input }: Call): Promise<void> => {
  try {
    process.send?.({ id, reply: await commands[name](input) })
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

// The parent is the same program, so the shape of its messages is known.
process.on('message', (call) => void answer(call as Call))
process.on('disconnect', () => process.exit(0))
