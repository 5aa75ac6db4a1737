import { beforeEach, describe, expect, it } from 'vitest'
import { type BadgePage, DocumentBadge } from './document-badge.ts'

let title: string
let icon: string | undefined
let app: number[]
let watchers: Set<() => void>

const page: BadgePage = {
  readTitle: () => title,
  writeTitle: (next) => {
    title = next
    for (const tell of watchers) tell()
  },
  watchTitle: (listener) => {
    watchers.add(listener)
    return () => void watchers.delete(listener)
  },
  writeIcon: (href) => {
    icon = href
  },
  writeAppBadge: (count) => void app.push(count),
}

beforeEach(() => {
  title = 'Orders'
  icon = undefined
  app = []
  watchers = new Set()
})

describe('the title', () => {
  it('has the number before it, and none at 0', () => {
    const badge = new DocumentBadge(page)
    badge.show(3, false)
    expect(title).toBe('(3) Orders')
    badge.show(12, false)
    expect(title).toBe('(12) Orders')
    badge.show(0, false)
    expect(title).toBe('Orders')
  })

  it('follows the app, and is as the app wants it in the end', () => {
    const badge = new DocumentBadge(page)
    badge.show(3, false)
    page.writeTitle('Invoices')
    expect(title).toBe('(3) Invoices')
    badge.close()
    expect(title).toBe('Invoices')
    page.writeTitle('Customers')
    expect(title).toBe('Customers')
    expect(watchers.size).toBe(0)
  })

  it('counts once when the app makes its title out of ours', () => {
    const badge = new DocumentBadge(page)
    badge.show(3, false)
    page.writeTitle(`${title} - Shop`)
    expect(title).toBe('(3) Orders - Shop')
    badge.show(4, false)
    expect(title).toBe('(4) Orders - Shop')
  })

  it('is left alone when it is not wanted', () => {
    const badge = new DocumentBadge(page, { title: false })
    badge.show(3, true)
    badge.close()
    expect(title).toBe('Orders')
    expect(watchers.size).toBe(0)
  })
})

describe('the icon', () => {
  it('has a dot while something is unread', () => {
    const badge = new DocumentBadge(page, { favicon: '/dot.svg' })
    badge.show(3, false)
    expect(icon).toBe('/dot.svg')
    badge.show(0, false)
    expect(icon).toBeUndefined()
  })

  it('is the own one in the end', () => {
    const badge = new DocumentBadge(page, { favicon: '/dot.svg' })
    badge.show(3, false)
    badge.close()
    expect(icon).toBeUndefined()
  })
})

describe('the number on the app', () => {
  it('is written by the leader alone, when it changes', () => {
    const badge = new DocumentBadge(page)
    badge.show(3, false)
    expect(app).toEqual([])
    badge.show(3, true)
    badge.show(3, true)
    badge.show(4, true)
    expect(app).toEqual([3, 4])
  })

  it('goes when the leader ends, and only then', () => {
    const leader = new DocumentBadge(page)
    leader.show(3, true)
    new DocumentBadge(page).close()
    expect(app).toEqual([3])
    leader.close()
    expect(app).toEqual([3, 0])
  })

  it('is not written when it is not wanted', () => {
    new DocumentBadge(page, { app: false }).show(3, true)
    expect(app).toEqual([])
  })
})
