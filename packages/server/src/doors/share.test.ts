import { expect, it } from 'vitest'
import { OwnPaths } from './share.ts'

const paths = new OwnPaths()
for (const path of [
  '/api/rooms/:id/members/:userId',
  '/api/health',
  '/docs/static/*',
  '/',
  '/inbox',
] as const)
  paths.add(path)

it.each([
  ['/api/rooms/a%7Cb/members/c', true],
  ['/api/rooms/a/members', false],
  ['/api/rooms/a/members/c/d', false],
  ['/api/health?x=/api/orders', true],
  ['/api/healthy', false],
  ['/apiXhealth', false],
  ['/docs/static/a/b.js', true],
  ['/api/orders', false],
  ['/', false],
  ['/inbox', false],
])('%s is ours: %s', (url, isOurs) => {
  expect(paths.has(url)).toBe(isOurs)
})
