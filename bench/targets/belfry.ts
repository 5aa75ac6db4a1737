import { rm } from 'node:fs/promises'
import { adminHeaders, type Belfry, handshakeOf, startBelfry } from '../belfry.ts'
import { seededFolder } from '../seeding/seeded-folder.ts'
import { localAddressOf, payload, rawRequest, SOCKET_IO_PATH, type Target, userId } from '../target.ts'
import { MARK_PLACEHOLDER } from '../wire/mark.ts'

export interface BelfryTarget extends Target {
  readonly belfry: Belfry
}

/** Belfry with this many accounts in a fresh data folder. */
export const startBelfryTarget = async (accounts: number): Promise<BelfryTarget> => {
  const belfry = await startBelfry(await seededFolder(accounts, 0))
  return targetOf(belfry, await adminHeaders(belfry))
}

export const targetOf = (belfry: Belfry, headers: Record<string, string>): BelfryTarget => {
  const { port, pid } = belfry
  const send = (audience: object, text?: string): string =>
    rawRequest({
      port,
      path: '/api/notifications/send',
      headers,
      body: { audience, ...payload(MARK_PLACEHOLDER, text) },
    })
  return {
    name: 'belfry',
    port,
    pid,
    belfry,
    socketOf: (user, { keepsCursor = false } = {}) => ({
      path: SOCKET_IO_PATH,
      connectPacket: `40${JSON.stringify(handshakeOf(user))}`,
      readyOn: 'sync',
      localAddress: localAddressOf(user),
      keepsCursor,
    }),
    sendToOne: (user, text) => send({ user: userId(user) }, text),
    sendToMany: (users) => send({ users: users.map(userId) }),
    sendToAll: () => send({ all: true }),
    stop: async () => {
      await belfry.running.stop()
      await rm(belfry.dataDir, { recursive: true, force: true })
    },
  }
}

export const isBelfryTarget = (target: Target): target is BelfryTarget => target.name === 'belfry'
