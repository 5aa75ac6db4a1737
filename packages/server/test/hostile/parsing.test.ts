/** security.md §12, A11 and A12: other people's collections of what breaks parsers and stores. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { list, listAll, pooled, register, sendTo } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusedWith, useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8'))

type Stored = string | { repeat: string; times: number; then?: string }

function bytesOf(stored: Stored): Uint8Array<ArrayBuffer> {
  if (typeof stored === 'string') return new Uint8Array(Buffer.from(stored, 'base64'))
  return new Uint8Array(Buffer.from(stored.repeat.repeat(stored.times) + (stored.then ?? '')))
}

describe('A11: JSONTestSuite', () => {
  const suite = fixture('json-test-suite.json') as Record<string, Stored>
  const entries = Object.entries(suite)
  const post = (raw: Uint8Array<ArrayBuffer>) =>
    context.user.http.request('POST', '/api/notifications/read', {
      raw,
      headers: { 'content-type': 'application/json' },
    })

  it('has all of its 188 invalid files refused with 400', async () => {
    const invalid = entries.filter(([name]) => name.startsWith('n_'))
    expect(invalid).toHaveLength(188)
    await context.unchanged(async () => {
      const replies = await pooled(invalid, 8, async ([name, stored]) => ({
        name,
        ...(await post(bytesOf(stored))),
      }))
      // Over the size limit it is refused before it is parsed.
      const wrong = replies.filter(({ status }) => status !== 400 && status !== 413)
      expect(wrong.map(({ name, status, text }) => `${name} ${status} ${text.slice(0, 80)}`)).toEqual([])
      for (const reply of replies) expectRefusedWith(reply, 400, 413)
    })
  })

  it('has none of its 35 implementation-defined files answered with 500', async () => {
    const defined = entries.filter(([name]) => name.startsWith('i_'))
    expect(defined).toHaveLength(35)
    await context.survive(async () => {
      const replies = await pooled(defined, 8, async ([name, stored]) => ({
        name,
        ...(await post(bytesOf(stored))),
      }))
      expect(replies.filter(({ status }) => status >= 500).map(({ name }) => name)).toEqual([])
    })
  })
})

describe('A12: the Big List of Naughty Strings', () => {
  const strings = fixture('naughty-strings.json') as string[]

  it('is stored byte-exact in title, message and meta, or refused with 400', async () => {
    const person = await register(context.server)
    const stored = new Map<string, string>()
    await context.survive(() =>
      pooled(strings, 8, async (text) => {
        const reply = await context.admin.http.post('/api/notifications/send', {
          audience: { user: person.id },
          title: text.slice(0, 190),
          message: text,
          meta: { text, [`k${text.slice(0, 40)}`]: text },
        })
        if (reply.status === 201) stored.set(reply.body.notification?.id ?? '', text)
        else expectRefusedWith(reply, 400)
      }),
    )
    expect(stored.size).toBeGreaterThan(450)
    for (const note of await listAll(person)) {
      const text = stored.get(note.id)
      expect(note).toMatchObject({ title: text?.slice(0, 190), message: text, meta: { text } })
      stored.delete(note.id)
    }
    expect([...stored.values()]).toEqual([])
  })

  it('is refused in ids, types, e-mails and keys, or taken as it is', async () => {
    await context.unchanged(() =>
      pooled(strings, 8, async (text) => {
        const replies = [
          await context.admin.http.post('/api/notifications/read', { id: text }),
          await context.admin.http.post('/api/notifications/send', {
            audience: { user: text },
            message: 'x',
          }),
          await context.admin.http.post('/api/notifications/send', {
            audience: { all: true },
            type: text,
            message: '',
          }),
          await context.admin.http.get(`/api/notifications?cursor=${encodeURIComponent(text)}`),
          await context.admin.http.get(`/api/notifications/${encodeURIComponent(text)}`),
        ]
        for (const reply of replies.slice(0, 3)) expectRefusedWith(reply, 400, 404)
        for (const reply of replies.slice(3))
          if (reply.status !== 200) expectRefusedWith(reply, 400, 403, 404, 414)
      }),
    )
  }, 20_000)

  it('is harmless in a search', async () => {
    await sendTo(context.admin, context.user, '100%_done')
    // The first search of a process opens its reading thread.
    await context.user.http.get('/api/notifications?q=warm')
    const slow: string[] = []
    await context.survive(() =>
      pooled(strings.slice(0, 300), 4, async (text) => {
        const startedAt = performance.now()
        const reply = await context.user.http.get(
          `/api/notifications?q=${encodeURIComponent(text.slice(0, 200))}`,
        )
        if (performance.now() - startedAt > 400) slow.push(text)
        if (reply.status !== 200) expectRefusedWith(reply, 400)
      }),
    )
    expect(slow).toEqual([])
    expect(await list(context.user, '?q=0%25_d')).toHaveLength(1)
    expect(await list(context.user, '?q=0%25%25d')).toHaveLength(0)
  })
})
