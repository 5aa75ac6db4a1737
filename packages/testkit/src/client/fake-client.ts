import type { BelfryClient, ClientOptions } from '@belfry/client'
import { createClientIn } from '@belfry/client/parts'
import type { Item, SyncFrame } from '@belfry/protocol'
import { onTestFinished } from 'vitest'
import { settled } from './fake-clock.ts'
import { FakeWorld } from './fake-server.ts'
import { snapshot } from './samples.ts'

export interface Fake {
  world: FakeWorld
  client: BelfryClient
  /** Titles told to an item listener, in order. */
  heard: string[]
}

/** A client that has asked for its first socket. It must leave nothing behind when the test ends. */
export async function connecting(options: Partial<ClientOptions> = {}): Promise<Fake> {
  const world = new FakeWorld()
  const client = createClientIn(world, { url: 'http://belfry.test', getToken: () => 'token-1', ...options })
  const heard: string[] = []
  client.onItem((item: Item) => heard.push(item.title))
  onTestFinished(async () => {
    client.close()
    await settled()
    if (world.clock.size > 0) throw new Error(`${world.clock.size} timers are left after close`)
    if (world.sockets.some(({ isOpen }) => isOpen)) throw new Error('a socket is left after close')
    if (world.device.isWatched) throw new Error('the device is still watched after close')
  })
  client.connect()
  await settled()
  return { world, client, heard }
}

/** A client that has caught up. */
export async function online(
  frame: SyncFrame = snapshot([]),
  options: Partial<ClientOptions> = {},
): Promise<Fake> {
  const fake = await connecting(options)
  await fake.world.socket.welcome(frame)
  return fake
}
