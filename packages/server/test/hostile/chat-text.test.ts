/** security.md §12, H5: texts of messages that are none, or all too much. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Message } from '@belfry/protocol'
import { type Fields, list, pooled, unread } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { type ChatScene, chatScene, expectRefusedEverywhere, messagesIn } from '../support/chat-scene.ts'
import { say } from '../support/chats.ts'
import { expectSuccess } from '../support/expect.ts'
import { expectRefusedWith, useHostileServer } from '../support/hostile.ts'

// One sender says hundreds of things in a row.
const context = useHostileServer({ env: { RATE_LIMIT: 'off' } })
const scene = () => chatScene(context)
const refused = (place: ChatScene, bodies: Fields[]) => expectRefusedEverywhere(context, place, bodies)

describe('H5: a text', () => {
  it('that is none is refused on every way in', async () => {
    const texts = [
      '',
      '   \t\n ',
      '\u200b\u200d\ufeff',
      'x'.repeat(8_001),
      '👍'.repeat(8_001),
      'a\u0000b',
      'a\ud800b',
    ]
    const others = [null, 7, ['x'], { toString: 'x' }, true]
    await refused(
      await scene(),
      [...texts, ...others].map((content) => ({ content })),
    )
  })

  it('of 8,000 characters is stored, however many bytes they are', async () => {
    const { ann, bob, chatId, path } = await scene()
    const text = '👍'.repeat(8_000)
    await context.survive(() => say(ann, chatId, text))
    expect((await messagesIn(bob, path)).at(-1)?.content).toBe(text)
  })

  it('from the Big List of Naughty Strings is stored byte-exact, or refused with 400', async () => {
    const file = join(import.meta.dirname, 'fixtures', 'naughty-strings.json')
    const strings: string[] = JSON.parse(readFileSync(file, 'utf8'))
    const { ann, bob, path } = await scene()
    const stored = new Map<string, string>()
    await context.survive(() =>
      pooled(strings, 8, async (content) => {
        const metadata = { text: content }
        const reply = await ann.http.post<{ message: Message }>(path, { content, metadata })
        if (reply.status === 201) stored.set(reply.body.message.id, content)
        else expectRefusedWith(reply, 400)
      }),
    )
    expect(stored.size).toBeGreaterThan(450)
    const [, ...messages] = await messagesIn(bob, path)
    expect(messages).toHaveLength(stored.size)
    for (const { id, content, metadata } of messages) {
      expect(content).toBe(stored.get(id))
      expect(metadata).toEqual({ text: stored.get(id) })
    }
  })

  it('from the Big List is searched for literally', async () => {
    const { ann, bob, chatId } = await scene()
    await say(ann, chatId, '100%_sure')
    for (const [q, found] of [
      ['%', 1],
      ['_', 1],
      ['%_', 1],
      ['0_', 0],
      ["' OR 1=1--", 0],
      ['(a+)+$', 0],
    ] as const) {
      const at = `/api/messages/search?chatId=${chatId}&q=${encodeURIComponent(q)}`
      const { hits } = expectSuccess(await bob.http.get<{ hits: Message[] }>(at))
      expect({ q, found: hits.length }).toEqual({ q, found })
    }
  })

  it('with @all of a member tells nobody', async () => {
    const { ann, bob, chatId } = await scene()
    const loud = await say(bob, chatId, '@all everyone!', { mentions: ['@all'] })
    expect(loud.mentions).toEqual([])
    expect(await list(ann)).toEqual([])
    expect(await unread(ann)).toBe(0)
    await say(ann, chatId, '@all everyone!', { mentions: ['@all'] })
    expect(await list(bob)).toHaveLength(1)
    await refused(await scene(), [
      { content: 'x', mentions: Array.from({ length: 21 }, (_, at) => `u${at}`) },
      { content: 'x', mentions: 'ann' },
      { content: 'x', mentions: ['a b'] },
    ])
  })

  it('with data of its own that is too much or harmful is refused', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`)
    const bodies = [
      { content: 'x', metadata: deep },
      { content: 'x', metadata: { text: 'x'.repeat(4_096) } },
      { content: 'x', metadata: ['x'] },
      { content: 'x', clientId: 'x'.repeat(65) },
      { content: 'x', clientId: 'ä' },
      { content: 'x', media: Array.from({ length: 11 }, () => ({ url: 'https://example.test/' })) },
      { content: 'x', media: [{ url: 'javascript:alert(1)' }] },
    ]
    const place = await scene()
    const { ann, path } = place
    await refused(place, bodies)
    await context.unchanged(async () => {
      // Seeds' clients name addresses alone; what else is beside them is not looked at.
      const both = { content: 'x', media: [{ id: 'x', url: 'https://example.test/' }] }
      expectRefusedWith(await ann.http.post(path, both), 400)
      const raw = '{"content":"x","metadata":{"__proto__":{"a":1}}}'
      const headers = { 'content-type': 'application/json' }
      expectRefusedWith(await ann.http.request('POST', path, { raw, headers }), 400)
    })
  })
})
