import { describe, expect, it } from 'vitest'
import { BoundedMap } from './bounded-map.ts'

describe('BoundedMap', () => {
  it('forgets what was used longest ago', () => {
    const map = new BoundedMap<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    map.get('a')
    map.set('c', 3)
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3])
  })

  it('weighs its entries, and a replaced one only once', () => {
    const map = new BoundedMap<string, string>(10, (key, value) => key.length + value.length)
    for (let times = 0; times < 5; times++) map.set('a', 'x'.repeat(4))
    map.set('b', 'x'.repeat(4))
    expect(map.size).toBe(2)
    map.set('c', '')
    expect([...map.keys()]).toEqual(['b', 'c'])
    map.set('d', 'x'.repeat(50))
    expect(map.size).toBe(0)
    map.delete('d')
    map.set('e', 'x'.repeat(9))
    expect(map.size).toBe(1)
  })
})
