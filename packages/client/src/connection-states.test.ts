import { expect, test } from 'vitest'
import { type LineEvent, type LineState, nextState, statusOf } from './connection-states.ts'

const walk = (...events: LineEvent[]): LineState[] => {
  const states: LineState[] = []
  events.reduce<LineState>((state, event) => {
    const next = nextState(state, event)
    states.push(next)
    return next
  }, 'idle')
  return states
}

test('a line goes from idle to online, and back there after every loss', () => {
  expect(walk('start', 'ready', 'failed', 'failed', 'ready')).toEqual([
    'connecting',
    'online',
    'reconnecting',
    'reconnecting',
    'online',
  ])
})

test('a slow line is degraded until an answer comes in time', () => {
  expect(walk('start', 'ready', 'slow', 'slow', 'fast')).toEqual([
    'connecting',
    'online',
    'degraded',
    'degraded',
    'online',
  ])
})

test('without a network it is offline, and still comes back by itself', () => {
  expect(walk('start', 'ready', 'failed', 'networkDown', 'failed', 'ready').slice(2)).toEqual([
    'reconnecting',
    'offline',
    'offline',
    'online',
  ])
})

test('the browser calling itself offline does not take an open line down', () => {
  expect(walk('start', 'ready', 'networkDown').at(-1)).toBe('online')
})

test('after a refusal and after a pause only a start helps', () => {
  const deaf: LineEvent[] = ['ready', 'failed', 'slow', 'fast', 'networkDown', 'networkUp']
  for (const event of deaf) {
    expect(nextState('unauthorized', event)).toBe('unauthorized')
    expect(nextState('paused', event)).toBe('paused')
    expect(nextState('idle', event)).toBe('idle')
  }
  expect(nextState('unauthorized', 'start')).toBe('connecting')
  expect(nextState('paused', 'start')).toBe('reconnecting')
})

test('a pause looks like being offline', () => {
  expect(statusOf('paused')).toBe('offline')
  expect(statusOf('degraded')).toBe('degraded')
})
