import { afterEach, expect, test, vi } from 'vitest'
import { upload } from './upload.ts'

const media = { id: 'f1', kind: 'image', url: '/api/media/f1', name: 'cat.png', mime: 'image/png', size: 3 }
const host = (token: string | null = 'token-1') => ({
  options: { url: 'http://belfry.test/app', getToken: () => token, userId: 'ada' },
})
const file = new File(['cat'], 'cat.png', { type: 'image/png' })

/** A request of a browser, answered by the test. */
class FakeRequest extends EventTarget {
  static all: FakeRequest[] = []
  readonly upload = new EventTarget()
  readonly headers: Record<string, string> = {}
  status = 0
  responseText = ''
  opened = ''

  constructor() {
    super()
    FakeRequest.all.push(this)
  }

  open(method: string, url: string): void {
    this.opened = `${method} ${url}`
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value
  }

  send(): void {
    // The test answers.
  }

  abort(): void {
    this.#end('abort')
  }

  progress(loaded: number, total: number): void {
    this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded, total }))
  }

  answer(status: number, body: unknown): void {
    this.status = status
    this.responseText = JSON.stringify(body)
    this.#end('load')
  }

  fail(): void {
    this.#end('error')
  }

  #end(name: string): void {
    this.dispatchEvent(new Event(name))
    this.dispatchEvent(new Event('loadend'))
  }
}

async function sent(number = 1): Promise<FakeRequest> {
  const found = await vi.waitUntil(() => FakeRequest.all[number - 1])
  if (!found) throw new Error('nothing was sent')
  return found
}

function inBrowser(): void {
  FakeRequest.all = []
  vi.stubGlobal('XMLHttpRequest', FakeRequest)
}
afterEach(() => void vi.unstubAllGlobals())

test('a file goes with its name, its size in pixels and the user’s token, and tells how far it is', async () => {
  inBrowser()
  const ratios: number[] = []
  const done = upload(host(), file, { width: 2, height: 1, onProgress: (ratio) => ratios.push(ratio) })
  const request = await sent()
  expect(request.opened).toBe('POST http://belfry.test/api/media?width=2&height=1&name=cat.png')
  expect(request.headers).toEqual({ authorization: 'Bearer token-1', 'content-type': 'image/png' })
  request.progress(1, 4)
  request.progress(4, 4)
  request.answer(201, { success: true, media })
  expect(await done).toEqual(media)
  expect(ratios).toEqual([0.25, 1])
})

test('a small picture follows its file', async () => {
  inBrowser()
  const done = upload(host(null), file, { thumbnail: new Blob(['c'], { type: 'image/webp' }) })
  const first = await sent()
  expect(first.headers).toEqual({ 'x-user-id': 'ada', 'content-type': 'image/png' })
  first.answer(201, { media })
  const second = await sent(2)
  expect(second.opened).toBe('POST http://belfry.test/api/media?thumbOf=f1')
  second.answer(201, { media: { ...media, thumbUrl: '/api/media/f1?thumb=1' } })
  expect(await done).toMatchObject({ thumbUrl: '/api/media/f1?thumb=1' })
})

test.each([
  [
    'the server’s refusal',
    (one: FakeRequest) => one.answer(422, { code: 'media_rejected', message: 'No.' }),
    'media_rejected',
  ],
  ['a broken line', (one: FakeRequest) => one.fail(), 'disconnected'],
  ['a gateway without words', (one: FakeRequest) => one.answer(502, 'bad'), 'unavailable'],
])('%s is what it rejects with', async (_, end, code) => {
  inBrowser()
  const done = upload(host(), file, {})
  end(await sent())
  await expect(done).rejects.toMatchObject({ code })
})

test('an upload can be given up, before and while it is sent', async () => {
  inBrowser()
  const controller = new AbortController()
  const done = upload(host(), file, { signal: controller.signal })
  await sent()
  controller.abort()
  await expect(done).rejects.toMatchObject({ code: 'closed' })
  await expect(upload(host(), file, { signal: controller.signal })).rejects.toMatchObject({ code: 'closed' })
  expect(FakeRequest.all).toHaveLength(1)
})
