import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { FeatureModule } from '../store.ts'
import { Executor } from './executor.ts'
import type { Job, Result, Round, WorkerMessage, WorkerSettings } from './messages.ts'

/** How many commands one commit may hold: enough to hide the flush, few enough to bound the wait behind them. */
const MAX_BATCH = 256

const port = parentPort
if (!port) throw new Error('This module runs in a worker thread.')
const send = (message: WorkerMessage) => port.postMessage(JSON.stringify(message))

/** A reply that cannot cross the border is a defect of one command: the others of its commit get theirs. */
const answer = (round: Round) => {
  try {
    send(round)
  } catch {
    send({ ...round, results: round.results.map(crossing) })
  }
}
const crossing = (result: Result): Result => {
  try {
    JSON.stringify(result)
    return result
  } catch (error) {
    return { id: result.id, error: { message: String(error) } }
  }
}

const settings = workerData as WorkerSettings
const { features, prepare } = (await import(settings.features)) as FeatureModule

try {
  await prepare?.(settings.settings)
  const executor = new Executor(settings, features)
  const queue: Job[] = []
  let isRunning = false

  /** Takes what has arrived meanwhile without going back to the event loop. */
  const collect = () => {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port))
      queue.push(...(JSON.parse(next.message) as Job[]))
  }
  const drain = async () => {
    if (isRunning) return
    isRunning = true
    for (; queue.length > 0; collect()) answer(await executor.round(queue.splice(0, MAX_BATCH)))
    isRunning = false
  }
  port.on('message', (jobs: string) => {
    queue.push(...(JSON.parse(jobs) as Job[]))
    collect()
    void drain()
  })
  send({ kind: 'ready', epoch: executor.epoch })
} catch (error) {
  send({ kind: 'fatal', message: error instanceof Error ? error.message : String(error) })
}
