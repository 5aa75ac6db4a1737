import { createEmitter, type Emitter, type Helper, type Sender, sendNotice } from './emitter.ts'

interface Definable {
  /**
   * Adds a helper of your own: `template` makes the notification of whatever it is called with.
   * Resolves the same object, which now has the helper in its type too.
   * @throws Error when there is a method of that name already
   * @example
   * import { createBelfryClient, NotificationEmitter } from '@belfry/node'
   *
   * const client = createBelfryClient({ url: 'http://127.0.0.1:4000', apiKey: 'bk_…' })
   * const emitter = new NotificationEmitter(client).define('invoiceDue', (invoice: { id: string; owner: string }) => ({
   *   audience: { user: invoice.owner },
   *   type: 'invoice:due',
   *   message: `Invoice ${invoice.id} is due.`,
   * }))
   * await emitter.invoiceDue({ id: '2026-17', owner: 'ada' })
   */
  define<N extends string, A extends unknown[]>(
    name: N,
    template: (...args: A) => Parameters<Sender['notify']>[0],
  ): this & Record<N, Helper<A>>
}

export type NotificationEmitter = Emitter & Definable

interface NotificationEmitterClass extends Emitter, Definable {
  new (client: Sender): NotificationEmitter
  /** Which client the static methods send with. */
  configure(client: Sender): void
}

let configured: Sender | undefined

function configuredSender(): Sender {
  if (configured) return configured
  throw new Error(
    'Call NotificationEmitter.configure(createBelfryClient({ … })) once, before the first send.',
  )
}

/** `then` would make an emitter look like a promise. */
const RESERVED = new Set(['then'])

function withSends<T extends object>(target: T, senderOf: () => Sender): T & NotificationEmitter {
  const add = (name: string, method: unknown) => {
    if (name in target || RESERVED.has(name)) throw new Error(`There is a method ${name} already.`)
    Object.defineProperty(target, name, { value: method, enumerable: true })
  }
  for (const [name, method] of Object.entries(createEmitter(senderOf))) add(name, method)
  add('define', (name: string, template: (...args: unknown[]) => Parameters<Sender['notify']>[0]) => {
    add(name, async (...args: unknown[]) => sendNotice(senderOf(), template(...args)))
    return target
  })
  // Every method of the type was added above.
  return target as T & NotificationEmitter
}

class Sending {
  constructor(client: Sender) {
    withSends(this, () => client)
  }

  static configure(client: Sender): void {
    configured = client
  }
}

/**
 * Sends notifications from a back end: `NotificationEmitter.sendToUser(…)` after one `configure`, or an emitter of
 * your own with `new`. Helpers know the usual events of an app; `define` adds yours.
 * @example
 * import { createBelfryClient, NotificationEmitter } from '@belfry/node'
 *
 * NotificationEmitter.configure(createBelfryClient({ url: 'http://127.0.0.1:4000', apiKey: 'bk_…' }))
 * await NotificationEmitter.sendToUser('ada', { title: 'Hello', message: 'Welcome aboard' })
 * await NotificationEmitter.orderCreated({ id: 'A-17', total: 42, userId: 'ada' })
 */
// The methods are attached by `withSends`, which a class declaration cannot say.
export const NotificationEmitter = withSends(Sending, configuredSender) as unknown as NotificationEmitterClass
