/** security.md §12, G1–G9, G11: Socket.IO packets and events that are none. */
import {
  type Ack,
  connected,
  delay,
  joinedEngine,
  list,
  type RawEngine,
  sendTo,
  unread,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusedAck } from '../support/expect.ts'
import { useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()
const CUT_WITHIN_MS = 2_000
const join = (): Promise<RawEngine> => joinedEngine(context.server, context.user.auth)

describe('G1 G3 G11: a packet that cannot be read', () => {
  const frames = [
    '4',
    '42[',
    '42{}',
    '42[]',
    '42[null]',
    '42"x"',
    '42null',
    '42[{}]',
    '42[["x"]]',
    '4999',
    '7',
    '9',
    'x',
    'b!!!',
    '44"e"',
    '4251-["x",{"_placeholder":true,"num":0}]extra',
    '42["connect"]',
    '42["disconnect"]',
    '42["disconnecting"]',
    '42["newListener"]',
    '42["removeListener"]',
    '42["connect_error"]',
  ]
  for (const frame of frames) {
    it(`${frame} is cut`, async () => {
      const raw = await join()
      await context.unchanged(async () => {
        raw.send(frame)
        await raw.cut(CUT_WITHIN_MS)
      })
    })
  }

  for (const frame of ['42', '43["x"]', '459-["x"]', '430', '2', '3', '6']) {
    it(`${frame} is cut or has no effect`, async () => {
      const raw = await join()
      await context.unchanged(async () => {
        raw.send(frame)
        const answer = raw.ack(1, 'get-unread-count', context.user.id)
        await Promise.race([answer, raw.closed])
      })
    })
  }

  it('an event after a disconnect has no effect', async () => {
    const raw = await join()
    const note = await sendTo(context.admin, context.user, 'to stay unread')
    // It was handed to the socket: that mark is written a moment later, and is not what this row is about.
    const statusOf = async () => (await list(context.user)).find(({ id }) => id === note.id)?.status
    await expect.poll(statusOf).toBe('delivered')
    await context.unchanged(async () => {
      raw.sendTogether('41', `42["mark-all-notifications-read","${context.user.id}"]`)
      await Promise.race([raw.closed, delay(1_000)])
    })
  })

  it('an event after a disconnect is cut, and so is an engine that has left its only namespace', async () => {
    for (const after of ['42["get-unread-count"]', undefined]) {
      const raw = await join()
      await raw.ack(1, 'get-unread-count', context.user.id)
      await context.unchanged(async () => {
        raw.send('41')
        if (after !== undefined) raw.send(after)
        await raw.cut(after === undefined ? 5_500 : CUT_WITHIN_MS)
      })
    }
  })

  it('an event with a lone surrogate, or one that is not UTF-8, is cut or refused', async () => {
    const raw = await join()
    await context.unchanged(async () => {
      raw.send('421["\\ud800",1]')
      const answer = raw.frame((frame) => frame.startsWith('431'))
      await Promise.race([answer, raw.closed])
    })
  })
})

describe('G2: a name that is a number', () => {
  it('is refused, and cut after 10 times', async () => {
    const raw = await join()
    await context.unchanged(async () => {
      for (let number = 0; number < 10; number++) raw.send('42[1]')
      await raw.cut(CUT_WITHIN_MS)
    })
  })
})

describe('G4 G5: an unknown event', () => {
  const names = [
    '__proto__',
    'constructor',
    'toString',
    'then',
    'hasOwnProperty',
    'no-such-event',
    'error',
    'x'.repeat(60_000),
  ]
  for (const name of names) {
    it(`${name.slice(0, 20)} is answered validation_failed, and without an ack with nothing`, async () => {
      const raw = await join()
      await context.unchanged(async () => {
        raw.send(`42${JSON.stringify([name, {}])}`)
        const before = raw.frames.length
        expectRefusedAck((await raw.ack(1, name, {})) as Ack, 'validation_failed')
        expect(raw.frames.slice(before).filter((frame) => frame.startsWith('42'))).toEqual([])
      })
    })
  }

  it('ten times by ten names is cut', async () => {
    const raw = await join()
    await context.unchanged(async () => {
      for (let number = 0; number < 11; number++) raw.send(`42["unknown-${number}"]`)
      await raw.cut(CUT_WITHIN_MS)
    })
  })
})

describe('G6: an acknowledgement', () => {
  it('for an id that was never sent, and twice, is ignored', async () => {
    const raw = await join()
    await context.unchanged(async () => {
      for (const frame of ['43999[]', '43999[]', '430["x"]', '431[{"ok":true}]']) raw.send(frame)
      expect(await raw.ack(2, 'get-unread-count', context.user.id)).toMatchObject({ ok: true })
    })
  })
})

describe('G7: a frame of 65,537 bytes', () => {
  it('is closed with 1009', async () => {
    const raw = await join()
    await context.unchanged(async () => {
      raw.send(`42["x","${'x'.repeat(65_537 - 9)}"]`)
      expect((await raw.cut(CUT_WITHIN_MS)).code).toBe(1009)
    })
  })

  it('less one is read', async () => {
    const raw = await join()
    await context.unchanged(async () => {
      const frame = `421["x","${'x'.repeat(65_536 - 11)}"]`
      expect(frame.length).toBe(65_536)
      raw.send(frame)
      await raw.frame((answer) => answer.startsWith('431['))
    })
  })
})

describe('G8: binary where JSON is expected', () => {
  const payloads: Record<string, unknown> = {
    'as the argument': Buffer.from('x'),
    'inside the argument': { notificationId: Buffer.from('x') },
  }
  for (const [name, payload] of Object.entries(payloads)) {
    it(`${name} is answered validation_failed, or cut`, async () => {
      const socket = await connected(context.server, context.user.auth, {
        reconnection: false,
        transports: ['websocket'],
      })
      await context.unchanged(async () => {
        const answer = socket.ack('mark-notification-read', payload)
        const first = await Promise.race([answer, socket.turn('disconnect')])
        if ('ok' in first) expectRefusedAck(first, 'validation_failed')
        else answer.catch(() => undefined)
      })
    })
  }

  it('a binary frame that was announced by nobody is cut', async () => {
    const raw = await join()
    await context.unchanged(async () => {
      raw.send(Buffer.from([1, 2, 3]))
      await raw.cut(CUT_WITHIN_MS)
    })
  })

  it('attachments that were announced and never come do not pile up', async () => {
    const raw = await join()
    await context.unchanged(async () => {
      raw.send('451000000000-["x",{"_placeholder":true,"num":0}]')
      raw.send('42["get-unread-count","x"]')
      await raw.cut(CUT_WITHIN_MS)
    })
  })
})

describe('an argument of the wrong form', () => {
  const payloads = [
    null,
    7,
    true,
    '',
    [],
    {},
    ['x'],
    { notificationId: null },
    { notificationId: 7 },
    { notificationId: {} },
    { notificationId: '' },
  ]
  for (const payload of payloads) {
    it(`${JSON.stringify(payload)} is validation_failed for mark-notification-read`, async () => {
      const socket = await connected(context.server, context.user.auth)
      await context.unchanged(async () => {
        expectRefusedAck(await socket.ack('mark-notification-read', payload), 'validation_failed')
      })
    })
  }

  it('with an ack that is not last, or not a function, ends nothing', async () => {
    const raw = await join()
    await context.unchanged(async () => {
      raw.send(`42["get-unread-count","${context.user.id}",null,{},[],"x"]`)
      raw.send('42["mark-notification-read"]')
      expect(await raw.ack(9, 'get-unread-count', context.user.id)).toMatchObject({ ok: true })
    })
    const recount = (await list(context.user)).filter(({ isRead }) => !isRead).length
    expect(await unread(context.user)).toBe(recount)
  })
})

describe('G9: 2,000 events in one tick', () => {
  const limited = useHostileServer({ env: { RATE_LIMIT: undefined } })

  it('are rate_limited, then cut, and harm nobody else', async () => {
    const raw = await joinedEngine(limited.server, limited.user.auth)
    await limited.unchanged(async () => {
      for (let number = 0; number < 2_000; number++)
        raw.send(`42${number}["get-unread-count","${limited.user.id}"]`)
      await raw.cut(5_000)
    })
    expect(raw.frames.some((frame) => frame.includes('rate_limited'))).toBe(true)
    expect(raw.frames.some((frame) => frame.includes('retryAfterMs'))).toBe(true)
  })
})
