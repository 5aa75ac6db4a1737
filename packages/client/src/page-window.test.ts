import { idOf, item } from '@belfry/testkit/client'
import { describe, expect, test } from 'vitest'
import type { Page } from './list-page.ts'
import { PageWindow } from './page-window.ts'

const TOTAL = 2_730
const PAGE = 50

/** A server with so many items, the newest of which are added while somebody reads. */
function server(pageSize = PAGE) {
  let count = TOTAL
  const asked: (string | undefined)[] = []
  const ask = async (cursor: string | undefined): Promise<Page> => {
    asked.push(cursor)
    const from = cursor === undefined ? count : Number(cursor) - 1
    const notifications = Array.from({ length: Math.min(pageSize, from) }, (_, n) => item(from - n))
    const last = from - notifications.length + 1
    return { notifications, nextCursor: last > 1 ? String(last) : null }
  }
  const arrive = (window: PageWindow) => {
    count += 1
    const data = { ...item(count) }
    window.change([{ kind: 'item.created', data }], () => true)
  }
  return { ask, arrive, asked }
}

const ids = (window: PageWindow) => window.list.items.map(({ id }) => id)
const run = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, n) => idOf(from - n))

describe('a window over a long list', () => {
  test('keeps at most 1,000 items without a hole, all the way down and all the way up', async () => {
    const { ask } = server()
    const window = new PageWindow(ask, PAGE)
    await window.older()
    while (window.extent.hasMore) {
      const last = ids(window).at(-1)
      await window.older()
      expect(ids(window).length).toBeLessThanOrEqual(1_000)
      expect(ids(window)).toContain(last)
    }
    expect(ids(window)).toEqual(run(980, 1))
    while (window.extent.hasNewer) {
      const first = ids(window)[0]
      await window.newer()
      expect(ids(window).length).toBeLessThanOrEqual(1_000)
      expect(ids(window)).toContain(first)
    }
    expect(ids(window)).toEqual(run(TOTAL, TOTAL - 999))
    await window.older()
    expect(ids(window)).toEqual(run(TOTAL - 50, TOTAL - 1049))
  })

  test('brings what arrived above it on the way back, and not before', async () => {
    const { ask, arrive } = server()
    const window = new PageWindow(ask, PAGE)
    for (let page = 0; page < 30; page += 1) await window.older()
    for (let n = 0; n < 70; n += 1) arrive(window)
    expect(ids(window)[0]).toBe(idOf(TOTAL - 500))
    expect(window.extent.newAbove).toBe(70)
    while (window.extent.hasNewer) await window.newer()
    expect(ids(window)[0]).toBe(idOf(TOTAL + 70))
    expect(ids(window)).toEqual(run(TOTAL + 70, TOTAL + 70 - ids(window).length + 1))
    expect(window.extent.newAbove).toBe(0)
  })

  test('keeps at most 1,000 items also when its pages are shorter than what it began with', async () => {
    const { notifications: items, nextCursor } = await server().ask(undefined)
    const list = { items, floor: items.at(-1)?.id ?? '', removed: [] }
    const first = { list, nextCursor: nextCursor ?? undefined }
    const window = new PageWindow(server(20).ask, 20, first)
    for (let page = 0; page < 60; page += 1) await window.older()
    while (window.extent.hasNewer) {
      await window.newer()
      expect(ids(window).length).toBeLessThanOrEqual(1_000)
    }
    expect(ids(window)[0]).toBe(idOf(TOTAL))
  })

  test('reads anew exactly what it holds, also in the middle of the list', async () => {
    const { ask, asked } = server()
    const window = new PageWindow(ask, PAGE)
    for (let page = 0; page < 25; page += 1) await window.older()
    const before = ids(window)
    asked.length = 0
    await window.again()
    expect(ids(window)).toEqual(before)
    expect(asked).toHaveLength(20)
  })
})
