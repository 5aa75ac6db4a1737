import { describe, expect, it } from 'vitest'
import { loadRules } from './load-rules.ts'
import { contextOf } from './test/contexts.ts'

/** A module as `CHAT_POLICY` may name one, without a file. */
const moduleOf = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`

describe('loadRules', () => {
  const namesOf = async (policy: string) => {
    const chooseRules = await loadRules(policy)
    const market = contextOf({
      actor: { id: 'ann', roles: [], kind: 'client' },
      counterpart: { id: 'bob', kind: 'provider' },
    })
    return [chooseRules(contextOf()), chooseRules(market)].map((rules) => rules.map(({ name }) => name))
  }
  const plain = ['membersOnly', 'blockList', 'writableStates']

  it('knows the presets', async () => {
    expect(await namesOf('default')).toEqual([
      plain,
      ['membersOnly', 'blockList', 'clientMustStart', 'writableStates', 'contactInfo'],
    ])
    expect(await namesOf('open')).toEqual([
      [...plain, 'openMessaging'],
      [...plain, 'openMessaging'],
    ])
  })

  it('takes the rules of a module in place of all others, for everyone', async () => {
    const own = moduleOf(`export const rules = [{ name: 'mine', judge: () => undefined }]`)
    expect(await namesOf(own)).toEqual([['mine'], ['mine']])
    expect(await namesOf(moduleOf('export const rules = []'))).toEqual([[], []])
  })

  it.each([
    'export const other = 1',
    'export const rules = {}',
    'export const rules = [null]',
    `export const rules = [{ name: 'x' }]`,
    'export const rules = [{ judge() {} }]',
  ])('tells the operator what is wrong with %s', async (source) => {
    await expect(loadRules(moduleOf(source))).rejects.toThrow(/^CHAT_POLICY: .* must export `rules`/)
  })

  it('tells the operator why a module cannot be loaded', async () => {
    await expect(loadRules(moduleOf(`throw new Error('broken')`))).rejects.toThrow(
      /^CHAT_POLICY: .* cannot be loaded: broken/,
    )
  })
})
