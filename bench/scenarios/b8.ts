import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { headersOf, startBelfry } from '../belfry.ts'
import { belfryAlone } from '../belfry-alone.ts'
import { startGenerator } from '../generator-process.ts'
import { cpuMs } from '../processes.ts'
import type { Figures, Scenario } from '../result.ts'
import { seededFolder } from '../seeding/seeded-folder.ts'
import { settings } from '../settings.ts'
import { rawRequest } from '../target.ts'
import { targetOf } from '../targets/belfry.ts'
import { MARK_PLACEHOLDER } from '../wire/mark.ts'

const { chatRooms } = settings
const MEMBERS = 50
const SETTLE_MS = 5_000

/** What the first member of each room says. */
const requestsTo = (port: number): string[] =>
  Array.from({ length: chatRooms }, (_, room) =>
    rawRequest({
      port,
      path: `/api/chats/chat-${room * MEMBERS}/messages`,
      headers: headersOf(room * MEMBERS),
      body: { content: `Did anybody see the new plan for Thursday? ${MARK_PLACEHOLDER}` },
    }),
  )

const measure = async (fault: (text: string) => void): Promise<Figures> => {
  const users = chatRooms * MEMBERS
  const belfry = await startBelfry(await seededFolder(users, 0, MEMBERS))
  const target = targetOf(belfry, {})
  const generator = startGenerator()
  const sockets = Array.from({ length: users }, (_, user) => ({
    ...target.socketOf(user, { keepsCursor: true }),
    acknowledges: true,
  }))
  const { ready, firstFailure } = await generator.call('connect', {
    ...{ port: target.port, sockets, perS: settings.connectPerS },
  })
  if (ready < users) fault(`${users - ready} could not connect: ${firstFailure}`)
  await sleep(SETTLE_MS)
  const { warmUpMs, windowMs } = settings
  const publishing = generator.call('publish', {
    // One message a second in each room.
    streams: [{ requests: requestsTo(target.port), firstOwner: 0, publishers: 16, pace: chatRooms }],
    ...{ width: MEMBERS, isGrouped: true, warmUpMs, windowMs: windowMs * 2 },
  })
  await sleep(warmUpMs)
  const [before, startedAt] = [cpuMs(belfry.pid), performance.now()]
  await sleep(windowMs * 2)
  const share = ((cpuMs(belfry.pid) - before) / (performance.now() - startedAt)) * 100
  const report = await publishing
  const { lost, repeated, misdelivered } = await generator.call('settle', settings.drainMs)
  if (lost + repeated + misdelivered > 0)
    fault(`${lost} lost, ${repeated} repeated, ${misdelivered} misdelivered`)
  const stream = report.streams[0]
  if (stream === undefined) throw new Error('no report')
  if (stream.failed > 0) fault(`${stream.failed} messages refused: ${stream.firstFailure}`)
  await generator.stop()
  await belfry.running.stop()
  await rm(belfry.dataDir, { recursive: true, force: true })
  return {
    perS: (stream.delivered / report.windowMs) * 1_000,
    share,
    p50: stream.delivery.p50,
    p99: stream.delivery.p99,
    requestP99: stream.request.p99,
  }
}

export const b8: Scenario = {
  name: 'b8',
  title: `Chat: ${chatRooms} rooms of ${MEMBERS} members, all online, one message a second in each`,
  measures: [
    // What is asked for: no more can be delivered than is said.
    { key: 'perS', label: 'deliveries', unit: '/s', bars: [{ is: '>=', value: chatRooms * MEMBERS * 0.99 }] },
    { key: 'share', label: "server's share of one core", unit: '%', bars: [{ is: '<=', value: 50 }] },
    { key: 'p50', label: 'message → frame, p50', unit: 'ms', bars: [] },
    { key: 'p99', label: 'the same, p99', unit: 'ms', bars: [{ is: '<=', value: 50 }] },
    { key: 'requestP99', label: 'request answered, p99', unit: 'ms', bars: [] },
  ],
  run: () => belfryAlone(measure),
}
