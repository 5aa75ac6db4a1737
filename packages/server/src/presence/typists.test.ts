import { describe, expect, it } from 'vitest'
import { createDraw } from '../test/random.ts'
import { Typists } from './typists.ts'

function open() {
  const told: string[] = []
  const typists = new Typists({
    onChanged: (chatId, user, isTyping) => void told.push(`${chatId} ${user} ${isTyping ? 'on' : 'off'}`),
    onRepeated: (chatId) => void told.push(`${chatId} again`),
  })
  const place = (user: string, connectionId = user, chatId = 'x') => ({ chatId, user, connectionId })
  return { typists, told, place }
}

describe('who types', () => {
  it('is told when it begins and ends, and at most every 2 s that it goes on', () => {
    const { typists, told, place } = open()
    typists.start(place('ann'), 0)
    typists.start(place('ann'), 1999)
    expect(told).toEqual(['x ann on'])
    typists.start(place('ann'), 2000)
    typists.start(place('ann'), 3000)
    typists.stop(place('ann'))
    typists.stop(place('ann'))
    expect(told).toEqual(['x ann on', 'x again', 'x ann off'])
  })

  it('is told of every change, however quickly they follow each other', () => {
    const { typists, told, place } = open()
    for (let time = 0; time < 5; time++) {
      typists.start(place('ann'), time)
      typists.stop(place('ann'))
    }
    expect(told).toEqual(Array.from({ length: 5 }, () => ['x ann on', 'x ann off']).flat())
  })

  it('is forgotten within 8 s of the last word, and not before others would let it end', () => {
    const { typists, told, place } = open()
    typists.start(place('ann'), 0)
    typists.start(place('ann'), 1000)
    typists.tick(8000)
    expect(told).toEqual(['x ann on'])
    typists.tick(8750)
    expect(told).toEqual(['x ann on', 'x ann off'])
  })

  it('goes on while another device does', () => {
    const { typists, told, place } = open()
    typists.start(place('ann', 'a1'), 0)
    typists.start(place('ann', 'a2'), 5000)
    typists.stop(place('ann', 'a1'))
    typists.tick(9000)
    expect(told).toEqual(['x ann on', 'x again'])
    typists.closed('ann', 'a2')
    expect(told.at(-1)).toBe('x ann off')
  })

  it('ends on all devices when the user posts, and in all chats when the socket ends', () => {
    const { typists, told, place } = open()
    typists.start(place('ann', 'a1'), 0)
    typists.start(place('ann', 'a2'), 0)
    typists.end('x', 'ann')
    typists.end('x', 'ann')
    expect(told).toEqual(['x ann on', 'x ann off'])
    typists.start(place('ann', 'a1', 'x'), 0)
    typists.start(place('ann', 'a1', 'y'), 0)
    typists.closed('ann', 'a1')
    expect(told.slice(-2)).toEqual(['x ann off', 'y ann off'])
  })

  it('is listed with the time that is left', () => {
    const { typists, place } = open()
    typists.start(place('ann'), 0)
    typists.start(place('bob'), 3000)
    expect(typists.inChat('x', 4000)).toEqual({ users: ['ann', 'bob'], expiresInMs: 7000 })
    expect(typists.inChat('y', 4000).users).toEqual([])
  })

  it.each([1, 2, 3])('is never told twice in a row, and ends for all when nothing comes, seed %i', (seed) => {
    const draw = createDraw(seed)
    const last = new Map<string, boolean>()
    const typists = new Typists({
      onRepeated: () => {},
      onChanged(chatId, user, isTyping) {
        expect(last.get(`${chatId} ${user}`) ?? false).toBe(!isTyping)
        last.set(`${chatId} ${user}`, isTyping)
      },
    })
    let now = 0
    for (let step = 0; step < 5000; step++) {
      now += draw.int(0, 500)
      const user = `u${draw.int(0, 9)}`
      const place = { chatId: draw.pick(['x', 'y']), user, connectionId: `${user}-${draw.int(0, 2)}` }
      draw.pick([
        () => typists.start(place, now),
        () => typists.stop(place),
        () => typists.end(place.chatId, user),
        () => typists.closed(user, place.connectionId),
        () => typists.tick(now),
      ])()
      if (step % 20 > 0) continue
      const shown = [...last].filter(([, isTyping]) => isTyping).map(([key]) => key)
      const listed = ['x', 'y'].flatMap((chat) =>
        typists.inChat(chat, now).users.map((one) => `${chat} ${one}`),
      )
      expect(listed.sort()).toEqual(shown.sort())
    }
    typists.tick(now + 8000)
    expect([...last.values()].some(Boolean)).toBe(false)
  })
})
