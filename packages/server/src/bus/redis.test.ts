import { type RedisService, startRedis } from '@belfry/testkit/services'
import { afterAll, beforeAll, describe } from 'vitest'
import { dialRedis } from './redis.ts'
import { wireContract } from './test/wire-contract.ts'

describe.each([
  { name: 'redis', options: {} },
  { name: 'redis with a password', options: { password: 'p@ss:w/rd' } },
  { name: 'redis cluster', options: { isCluster: true } },
])('$name', ({ name, options }) => {
  let service: RedisService
  beforeAll(async () => {
    service = await startRedis(options)
  })
  afterAll(() => service.close())
  wireContract(name, { service: () => service, dial: (url) => dialRedis(url) })
})
