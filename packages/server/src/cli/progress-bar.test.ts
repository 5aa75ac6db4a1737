import { describe, expect, it } from 'vitest'
import { progressBar } from './progress-bar.ts'

function open(isTTY: boolean) {
  const time = { now: 0 }
  const written: string[] = []
  const bar = progressBar({ isTTY, write: (text) => written.push(text) }, () => time.now)
  return { bar, time, written }
}

describe('progress', () => {
  it('is one line that changes on a terminal, and ends with it', () => {
    const { bar, time, written } = open(true)
    bar.show('copy', 0, 200, 'item')
    time.now += 50
    bar.show('copy', 50, 200, 'item')
    time.now += 50
    bar.show('copy', 100, 200, 'item')
    bar.end()
    expect(written).toEqual([
      `\r\u001b[K${'░'.repeat(30)} copy   0 %  0 of 200 rows  item`,
      `\r\u001b[K${'█'.repeat(15)}${'░'.repeat(15)} copy  50 %  100 of 200 rows  item`,
      '\n',
    ])
  })

  it('is a line every few seconds in a log, and always the last one', () => {
    const { bar, time, written } = open(false)
    for (let done = 0; done < 100; done += 10) {
      bar.show('verify', done, 100, 'entry')
      time.now += 1000
    }
    bar.show('verify', 100, 100, 'entry')
    bar.end()
    expect(written).toEqual([0, 50, 100].map((done) => expect.stringContaining(`${done} of 100 rows`)))
    expect(written.join('')).not.toContain('\u001b')
  })

  it('of nothing is done at once, and says nothing when nothing was shown', () => {
    const { bar, written } = open(true)
    bar.end()
    expect(written).toEqual([])
    bar.show('copy', 0, 0, 'item')
    expect(written.join('')).toContain('100 %')
  })
})
