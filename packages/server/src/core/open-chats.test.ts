import { describe, expect, it } from 'vitest'
import type { LiveConnection } from './context.ts'
import { OpenChats } from './open-chats.ts'

function socket(id: string) {
  const closers: (() => void)[] = []
  const connection: LiveConnection = {
    id,
    isNative: true,
    tell: () => true,
    onClosed: (work) => void closers.push(work),
  }
  return { connection, closers, end: () => closers.forEach((work) => void work()) }
}

function open() {
  const chats = new OpenChats()
  const heard: string[] = []
  chats.onOpened((chatId, { user, connection }) => heard.push(`+${chatId} ${user} ${connection.id}`))
  chats.onClosed((chatId, { user, connection }) => heard.push(`-${chatId} ${user} ${connection.id}`))
  const readers = (chatId: string) => [...chats.readersOf(chatId)].map(({ connection }) => connection.id)
  return { chats, heard, readers }
}

describe('open chats', () => {
  it('know the sockets on which a chat is open, each once', () => {
    const { chats, heard, readers } = open()
    const { connection } = socket('a')
    chats.open('x', { user: 'ann', connection })
    chats.open('x', { user: 'ann', connection })
    chats.open('x', { user: 'bob', connection: socket('b').connection })
    expect(readers('x')).toEqual(['a', 'b'])
    expect(chats.isOpen('x', 'a')).toBe(true)
    expect(heard).toEqual(['+x ann a', '+x bob b'])
  })

  it('close on one socket, once', () => {
    const { chats, heard, readers } = open()
    chats.open('x', { user: 'ann', connection: socket('a').connection })
    chats.open('x', { user: 'ann', connection: socket('b').connection })
    chats.close('x', 'a')
    chats.close('x', 'a')
    chats.close('y', 'a')
    expect(readers('x')).toEqual(['b'])
    expect(heard.slice(2)).toEqual(['-x ann a'])
  })

  it('close with their socket, all of them, and ask a socket once to tell of its end', () => {
    const { chats, heard, readers } = open()
    const a = socket('a')
    for (const chatId of ['x', 'y', 'z']) chats.open(chatId, { user: 'ann', connection: a.connection })
    chats.close('z', 'a')
    expect(a.closers).toHaveLength(1)
    a.end()
    expect([readers('x'), readers('y')]).toEqual([[], []])
    expect(heard.slice(3)).toEqual(['-z ann a', '-x ann a', '-y ann a'])
  })

  it('close for one who left, on all sockets, and for nobody else', () => {
    const { chats, readers } = open()
    for (const [id, user] of [
      ['a', 'ann'],
      ['b', 'ann'],
      ['c', 'bob'],
    ] as const) {
      chats.open('x', { user, connection: socket(id).connection })
    }
    chats.closeFor('x', 'ann')
    expect(readers('x')).toEqual(['c'])
  })
})
