/**
 * The history log of reliability.md §6.1: each send writes `invoke`, then `ok`, `fail` (a definite refusal) or
 * `unknown` (timeout, reset, 5xx). Checkers compare it with what is read afterwards.
 */
import type { HttpClient } from './http.ts'
import type { Person } from './people.ts'
import type { Random } from './random.ts'

export interface Operation {
  readonly key: string
  readonly recipients: readonly string[]
  /** Unique per operation, so that content, not only an id, identifies it when read back. */
  readonly message: string
  readonly body: Record<string, unknown>
  outcome: 'invoked' | 'ok' | 'fail' | 'unknown'
  id?: string
  /** Positions in the log, not times: a clock has ties, the log has none. */
  readonly invokedAt: number
  endedAt?: number
}

export class History {
  readonly operations: Operation[] = []
  #clock = 0

  invoke(recipients: readonly string[], body: Record<string, unknown>): Operation {
    const number = this.operations.length
    const key = `key-${number}-${Math.random().toString(36).slice(2, 10)}`
    const message = `operation ${number} ${key}`
    const operation: Operation = {
      key,
      recipients,
      message,
      body: { ...body, message, idempotencyKey: key },
      outcome: 'invoked',
      invokedAt: this.#clock++,
    }
    this.operations.push(operation)
    return operation
  }

  end(operation: Operation, outcome: 'ok' | 'fail' | 'unknown', id?: string): void {
    operation.outcome = outcome
    operation.endedAt = this.#clock++
    if (id !== undefined) operation.id = id
  }

  withOutcome(...outcomes: Operation['outcome'][]): Operation[] {
    return this.operations.filter((operation) => outcomes.includes(operation.outcome))
  }

  acked(userId: string): Operation[] {
    return this.withOutcome('ok').filter((operation) => operation.recipients.includes(userId))
  }

  invoked(userId: string): Operation[] {
    return this.operations.filter((operation) => operation.recipients.includes(userId))
  }
}

/** Sends one operation and logs how it ended. Never throws for a fault: that is an `unknown`. */
export async function attempt(
  history: History,
  client: HttpClient,
  operation: Operation,
  timeoutMs = 4_000,
): Promise<void> {
  try {
    const reply = await client.request('POST', '/api/notifications/send', { json: operation.body, timeoutMs })
    const isSuccess = reply.status < 300 && reply.body?.success === true
    if (isSuccess) history.end(operation, 'ok', reply.body.notification?.id)
    else history.end(operation, isDefiniteRefusal(reply.status, reply.body?.code) ? 'fail' : 'unknown')
  } catch {
    history.end(operation, 'unknown')
  }
}

function isDefiniteRefusal(status: number, code: string | undefined): boolean {
  return (status >= 400 && status < 500) || (status === 503 && code === 'unavailable')
}

/** Sends to one user and logs it. */
export async function logSend(history: History, client: HttpClient, userId: string): Promise<Operation> {
  const operation = history.invoke([userId], { audience: { user: userId } })
  await attempt(history, client, operation)
  return operation
}

/** Replays all unknown outcomes with their keys in shuffled order until each has a definite answer (V6). */
export async function resolveUnknown(
  history: History,
  sender: Person,
  random: Random,
  rounds = 5,
): Promise<Operation[]> {
  for (let round = 0; round < rounds; round++) {
    const open = random.shuffled(history.withOutcome('unknown', 'invoked'))
    if (open.length === 0) return []
    for (const operation of open) await attempt(history, sender.http, operation)
  }
  return history.withOutcome('unknown', 'invoked')
}
