export * from './nats.ts'
export * from './postgres.ts'
export * from './redis.ts'
export type { Service } from './service.ts'
