import { expect, it } from 'vitest'
import { type KitPart, KitParts, type MakePart } from './kit-parts.ts'
import { en } from './strings.ts'

function setUp() {
  const log: string[] = []
  const source = { strings: () => en, props: () => ({ workerUrl: '/worker.js' }) }
  const bellOf: MakePart<KitPart & { url: string | undefined }> = ({ props }) => {
    log.push('made')
    return {
      url: props().workerUrl,
      open: () => void log.push('open'),
      close: () => void log.push('close'),
    }
  }
  return { parts: new KitParts(source), bellOf, log }
}

it('a part is made when it is first asked for, once per provider, and knows what the app wants', () => {
  const { parts, bellOf, log } = setUp()
  expect(log).toEqual([])
  expect(parts.of(bellOf)).toBe(parts.of(bellOf))
  expect(parts.of(bellOf).url).toBe('/worker.js')
  expect(log).toEqual(['made'])
})

it('a part is opened once, however many use it, and again after the provider has come back', () => {
  const { parts, bellOf, log } = setUp()
  const part = parts.of(bellOf)
  parts.open(part)
  parts.open(part)
  parts.close()
  parts.open(part)
  expect(log).toEqual(['made', 'open', 'close', 'open'])
})

it('what was made and never opened is closed, too: a toast may have started its clock', () => {
  const { parts, bellOf, log } = setUp()
  parts.of(bellOf)
  parts.close()
  expect(log).toEqual(['made', 'close'])
})
