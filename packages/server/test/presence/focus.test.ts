/** chat-presence.md §8: a chat in front of somebody makes no noise, on any device. */
import { delay, register, type SocketRecorder } from '@belfry/testkit'
import { expect, it } from 'vitest'
import { chatOf, native } from '../support/chat-pages.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()

it('a chat in front of somebody who is not idle makes no noise on any device of his', async () => {
  const [ann, bob] = await Promise.all([register(context.server), register(context.server)])
  const chatId = await chatOf(ann, bob)
  const annTab = await native(context.server, ann)
  const [tab, phone] = await Promise.all([native(context.server, bob), native(context.server, bob)])
  const say = async (content: string) => {
    const input = { chatId, clientId: content.replaceAll(' ', '-'), content, messageType: 'text' }
    expect(await annTab.ack('postMessage', input)).toMatchObject({ ok: true })
  }
  /** Where there is no notice, the numbers come alone; they are judged a moment after the message. */
  const sayUnheard = async (content: string) => {
    const before = phone.all('chatCounts').length
    await say(content)
    await expect.poll(() => phone.all('chatCounts').length).toBeGreaterThan(before)
  }
  const previews = (socket: SocketRecorder) =>
    socket.all<{ preview: string }>('notice').map(({ preview }) => preview)

  await tab.ack('focusChat', { chatId, focused: true })
  await sayUnheard('unheard')
  await tab.ack('setIdle', { idle: true })
  await say('idle')
  for (const socket of [tab, phone]) await expect.poll(() => previews(socket)).toEqual(['idle'])
  await tab.ack('setIdle', { idle: false })
  await sayUnheard('unheard again')
  await tab.ack('focusChat', { chatId, focused: false })
  await say('elsewhere')
  await expect.poll(() => previews(phone)).toEqual(['idle', 'elsewhere'])
  await tab.ack('focusChat', { chatId, focused: true })
  tab.close()
  // Its end travels on a line of its own.
  await delay(200)
  await say('after it was closed')
  await expect.poll(() => previews(phone)).toEqual(['idle', 'elsewhere', 'after it was closed'])
})
