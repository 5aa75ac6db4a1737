import { deepStrictEqual, ok } from 'node:assert/strict'
import type { Draw } from '../random.ts'
import type { Device } from './device.ts'
import { drawSeat, type Operation } from './drawing.ts'
import { type Page, Window } from './window.ts'
import type { World } from './world.ts'

function drawDevice(world: World, draw: Draw, isAwake: boolean): Device | undefined {
  const [device] = draw.some(
    world.devices.filter((one) => one.isAwake === isAwake),
    1,
    1,
  )
  return device
}

export async function cutOff(world: World, draw: Draw): Promise<void> {
  const device = drawDevice(world, draw, true)
  if (!device) return
  device.isAwake = false
  world.transcript.push(`${device.name} is cut off`)
}

export async function comeBack(world: World, draw: Draw): Promise<void> {
  const device = drawDevice(world, draw, false)
  if (!device) return openWindow(world, draw)
  world.transcript.push(`${device.name} is back`)
  await world.wake(device)
}

export async function openWindow(world: World, draw: Draw): Promise<void> {
  const device = drawDevice(world, draw, true)
  const [chatId] = draw.some([...(device?.chats ?? [])], 1, 1)
  if (!device || chatId === undefined) return
  const { user } = device
  const limit = draw.int(1, 8)
  const opened = await world.read('openChat', { chatId, user, limit })
  deepStrictEqual(opened.offset, world.headOf(`room:${chatId}`), 'a chat opens at the head of its topic')
  const first = opened.messages[0]?.seq
  const older =
    first === undefined ? false : await world.read('listMessages', { chatId, user, before: first, limit: 1 })
  device.open(chatId, new Window(opened, first !== undefined && older.messages.length > 0))
  world.transcript.push(`${device.name} opens ${chatId} with ${limit}`)
}

/** A window of an open chat grows, or is moved. */
const paging =
  (page: (window: Window, read: (more: object) => Promise<Page>, draw: Draw) => Promise<void>): Operation =>
  async (world, draw) => {
    const device = drawDevice(world, draw, true)
    const [found] = draw.some([...(device?.windows ?? [])], 1, 1)
    if (!device || !found) return openWindow(world, draw)
    const [chatId, window] = found
    const { user } = device
    world.transcript.push(`${device.name} pages in ${chatId}`)
    await page(
      window,
      (more) => world.read('listMessages', { chatId, user, limit: draw.int(1, 6), ...more }),
      draw,
    )
  }

export const pageOlder = paging(async (window, read) => {
  const [first] = window.messages
  if (!first || !window.hasOlder) return
  const page = await read({ before: first.seq })
  ok(page.messages.length > 0, 'I3: a page that was promised')
  window.prepend(page)
})

export const pageNewer = paging(async (window, read) => {
  const last = window.messages.at(-1)
  if (!last || !window.hasNewer) return
  const page = await read({ after: last.seq })
  ok(page.messages.length > 0, 'I3: a page that was promised')
  window.append(page)
})

export const jump = paging(async (window, read, draw) => {
  const around = draw.int(1, Math.max(1, window.facts.lastSeq))
  const page = await read({ around })
  if (page.messages.length > 0) window.jump(page)
})

/** The log is trimmed: who is further behind has to begin anew. */
export async function trim(world: World, draw: Draw): Promise<void> {
  const topic = `room:${draw.pick(world.chats)}`
  await world.server('retain', { idempotencyMs: 1e9, maxTopicEntries: draw.int(0, 10), topics: [topic] })
}

export async function focus(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawSeat(world, draw)
  const key = `${user} ${chat.id}`
  if (!world.focused.delete(key)) world.focused.add(key)
  world.transcript.push(`${key} is ${world.focused.has(key) ? '' : 'not '}in front of somebody`)
}

/** What was said can soon be edited no longer, mutes end. */
export async function passTime(world: World): Promise<void> {
  world.now += 13 * 3600_000
}
