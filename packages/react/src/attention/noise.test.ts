import { describe, expect, it } from 'vitest'
import { MAX_AGE_MS, noiseOf, type Situation } from './noise.ts'

const nowhere: Situation = {
  isFocused: false,
  isAnyFocused: false,
  isLeader: false,
  ageMs: 0,
  isQuiet: false,
}
const leader = { ...nowhere, isLeader: true }
const focused = { ...nowhere, isFocused: true, isAnyFocused: true }

const none = { toast: false, sound: false, os: false }
const inTab = { toast: true, sound: true, os: false }
const outside = { toast: false, sound: true, os: true }

describe('an item', () => {
  it.each([
    ['in the focused tab shows a toast and rings', focused, inTab],
    ['in a focused tab that leads as well does the same', { ...focused, isLeader: true }, inTab],
    ['makes the leader ring and notify while no tab is focused', leader, outside],
    ['makes the leader do nothing while another tab is focused', { ...leader, isAnyFocused: true }, none],
    ['makes a tab in the background do nothing', nowhere, none],
    ['that is muted makes a focused tab do nothing', { ...focused, isQuiet: true }, none],
    ['that is muted makes the leader do nothing', { ...leader, isQuiet: true }, none],
    ['as old as allowed rings', { ...leader, ageMs: MAX_AGE_MS }, outside],
    ['older than allowed does nothing in a focused tab', { ...focused, ageMs: MAX_AGE_MS + 1 }, none],
    ['older than allowed makes the leader do nothing', { ...leader, ageMs: MAX_AGE_MS + 1 }, none],
    ['from a clock that is ahead rings', { ...leader, ageMs: -5_000 }, outside],
  ])('%s', (_, situation, noise) => {
    expect(noiseOf(situation)).toEqual(noise)
  })
})
