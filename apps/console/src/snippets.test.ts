import { NotificationEmitter } from '@belfry/node'
import { type Audience, commands } from '@belfry/protocol'
import { expect, test } from 'vitest'
import type { Draft } from './api.ts'
import { draftOf, kinds } from './kinds.ts'
import { bodyOf, snippetsOf } from './snippets.ts'

const audiences: Audience[] = [{ all: true }, { user: 'u-1' }, { role: 'user' }, { room: 'lobby' }]
const HERE = { origin: 'http://127.0.0.1:4000', token: 'secret' }

/** What the line, run as it stands, sends. */
async function sentBy(line: string): Promise<unknown> {
  const sent: unknown[] = []
  const notify = async (input: unknown) => {
    sent.push(input)
    return { notification: { id: 'n-1' } }
  }
  const run = new Function('NotificationEmitter', 'client', `return ${line.replace('await ', '')}`)
  await run(NotificationEmitter, { notify })
  return sent[0]
}

const textOf = (label: string, draft: Draft, audience: Audience) =>
  snippetsOf(draft, audience, HERE).find((snippet) => snippet.label === label)

/** As the server reads it, with what it fills in itself. */
const readBy = (body: unknown) => commands.notify.input.parse(body)

test.each(kinds)('the SDK line of $type sends what the button sends', async (kind) => {
  const drafts = [
    draftOf(kind),
    { ...draftOf(kind), title: 'It’s "mine"', message: 'two\nlines \\', priority: 'low' as const },
    { ...draftOf(kind), meta: { 'not-a-name': [1, { deep: null }], stock: 0 } },
  ]
  for (const audience of audiences) {
    for (const draft of drafts) {
      const sdk = textOf('SDK', draft, audience)
      expect(readBy(await sentBy(sdk?.copied ?? ''))).toEqual(readBy(bodyOf(draft, audience)))
    }
  }
})

test('curl shows no token, and copies one; its body survives a shell', () => {
  const draft = { ...draftOf(kinds[0] ?? never()), title: "It's here" }
  const curl = textOf('curl', draft, { all: true })
  expect(curl?.text).not.toContain('secret')
  expect(curl?.copied).toContain('Bearer secret')
  const quoted = /-d '(.*)'$/s.exec(curl?.copied ?? '')?.[1] ?? ''
  expect(JSON.parse(quoted.replaceAll("'\\''", "'"))).toEqual(bodyOf(draft, { all: true }))
})

function never(): never {
  throw new Error('there are no kinds')
}
