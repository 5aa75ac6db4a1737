/** security.md §12, B12, H1–H3: claiming to be somebody else over a socket. */
import {
  type Ack,
  connected,
  joinedEngine,
  openPerson,
  rawHttp,
  register,
  send,
  sendTo,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusedAck } from '../support/expect.ts'
import { fence } from '../support/hearing.ts'
import { useHostileServer } from '../support/hostile.ts'

const NAMING = [
  'user-join',
  'join-notifications',
  'register_user',
  'mark-all-notifications-read',
  'get-unread-count',
]

describe('H1 H2 in account mode', () => {
  const context = useHostileServer()
  const claims = () => [
    context.admin.id,
    'nobody-has-this-id',
    `user:${context.admin.id}`,
    '*',
    '',
    'all',
    'x'.repeat(10_240),
    [context.user.id],
    { userId: context.user.id },
    { $ne: null },
    7,
    null,
  ]

  for (const event of NAMING) {
    it(`${event} with any id but the socket's own is refused, and nothing is heard`, async () => {
      const socket = await connected(context.server, context.user.auth)
      await context.unchanged(async () => {
        for (const claim of claims()) {
          const ack = await socket.ack(event, claim)
          expect({ claim: String(claim).slice(0, 30), ack }).toMatchObject({
            ack: { ok: false, error: { code: expect.stringMatching(/^(forbidden|validation_failed)$/) } },
          })
        }
        expectRefusedAck(await socket.ack(event, context.admin.id), 'forbidden')
      })
      await sendTo(context.admin, context.admin, 'for the admin')
      await send(context.admin, { audience: { role: 'admin' }, message: 'for admins' })
      await fence(context.admin, context.user, socket)
      expect(JSON.stringify(socket.events)).not.toContain('for the admin')
      expect(JSON.stringify(socket.events)).not.toContain('for admins')
    })
  }

  it('the id of another socket gives nothing', async () => {
    const [victim, attacker] = await Promise.all([register(context.server), register(context.server)])
    const socket = await connected(context.server, victim.auth)
    const mine = await connected(context.server, attacker.auth)
    await context.unchanged(async () => {
      for (const event of ['join-chat', 'register_user', 'user-join']) {
        expect((await mine.ack(event, socket.socket.id)).ok).toBe(false)
      }
    })
    await sendTo(context.admin, victim, 'for the victim')
    await fence(context.admin, attacker, mine)
    expect(JSON.stringify(mine.events)).not.toContain('for the victim')
  })

  it('H3: a native client that acknowledges foreign or future offsets changes nothing', async () => {
    const auth = { ...context.user.auth, client: { name: 'test', version: '0.0.1' } }
    const raw = await joinedEngine(context.server, auth)
    const sync = await raw.frame((frame) => frame.startsWith('42["sync"'))
    const [, { cursor }] = JSON.parse(sync.slice(2)) as [string, { cursor: { epoch: string } }]
    await sendTo(context.admin, context.admin, 'pending for the admin')
    await context.unchanged(async () => {
      for (const offsets of [
        { [`user:${context.admin.id}`]: 1 },
        { [`user:${context.user.id}`]: 1_000_000 },
        { all: -1 },
        { __proto__: 1 },
        { 'room:none': 1 },
      ]) {
        raw.send(`42${JSON.stringify(['ack', { cursor: { epoch: cursor.epoch, offsets } }])}`)
      }
      expect(((await raw.ack(1, 'countNotifications', {})) as Ack).ok).toBe(true)
    })
  })

  it('a native client may call only what its role may', async () => {
    const auth = { ...context.user.auth, client: { name: 'test', version: '0.0.1' } }
    const raw = await joinedEngine(context.server, auth)
    await context.unchanged(async () => {
      const calls: [string, unknown][] = [
        ['notify', { audience: { all: true }, message: 'x' }],
        ['broadcast', { message: 'x' }],
        ['createRoom', { id: 'x' }],
        ['updateUser', { id: context.user.id, roles: ['admin'] }],
        ['deleteUser', { id: context.admin.id }],
      ]
      for (const [index, [name, input]] of calls.entries()) {
        expectRefusedAck((await raw.ack(index, name, input)) as Ack, 'forbidden')
      }
      for (const [index, name] of ['login', 'register', 'createKey', 'changePassword'].entries()) {
        expect(((await raw.ack(100 + index, name, {})) as Ack).ok).toBe(false)
      }
    })
  })
})

describe('B12 in open mode', () => {
  const context = useHostileServer({ env: { AUTH: 'open' } })

  it('a second id after the first is forbidden, and the first stays', async () => {
    const [first, second] = [openPerson(context.server), openPerson(context.server)]
    for (const person of [first, second]) await sendTo(context.admin, person, `for ${person.id}`)
    const socket = await connected(context.server, undefined)
    await socket.ack('register_user', first.id)
    for (const event of NAMING) expectRefusedAck(await socket.ack(event, second.id), 'forbidden')
    await fence(context.admin, first, socket, 'send_notification')
    expect(JSON.stringify(socket.events)).toContain(`for ${first.id}`)
    expect(JSON.stringify(socket.events)).not.toContain(`for ${second.id}`)
  })

  it('ids outside the grammar bind nothing', async () => {
    for (const claim of ['a:b', 'user:x', '*', '', 'x'.repeat(129), ['x'], {}, true, null]) {
      const socket = await connected(context.server, undefined)
      await context.unchanged(async () => {
        expectRefusedAck(await socket.ack('register_user', claim), 'validation_failed')
      })
      expect(await socket.ack('register_user', openPerson(context.server).id)).toMatchObject({ ok: true })
    }
  })

  it('a foreign Host is refused, so that no page can reach the server under its own name', async () => {
    const { port } = context.server
    for (const host of ['evil.example', `evil.example:${port}`, '10.0.0.1', '127.0.0.1.evil.example']) {
      const reply = await context.unchanged(() =>
        rawHttp(port, `GET /api/health HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
      )
      expect(reply.status).toBe(403)
    }
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
      expect((await rawHttp(port, `GET /api/health HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).status).toBe(200)
    }
  })
})
