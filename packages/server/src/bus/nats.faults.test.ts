import { type Service, startNats } from '@belfry/testkit/services'
import { afterAll, beforeAll, describe } from 'vitest'
import { dialNats } from './nats.ts'
import { wireFaults } from './test/wire-contract.ts'

describe.each([
  { name: 'nats', options: {} },
  { name: 'nats with a token', options: { token: 'p@ss:w/rd' } },
])('$name', ({ name, options }) => {
  let service: Service
  beforeAll(async () => {
    service = await startNats(options)
  })
  afterAll(() => service.close())
  wireFaults(name, { service: () => service, dial: (url) => dialNats(url) })
})
