import { registerHooks } from 'node:module'
import type { Features } from '../store/store.ts'
import { mutants } from './mutants.ts'

/**
 * The test features with one line of the inbox changed: `mutated-features.ts?mutant=NAME`. The source is changed as
 * this thread loads it; no file is touched.
 */
const name = new URL(import.meta.url).searchParams.get('mutant')
const mutant = mutants.find((one) => one.name === name)
if (!mutant) throw new Error(`No mutant is called ${name}`)

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith(`/inbox/${mutant.file}`)) return loaded
    const parts = String(loaded.source).split(mutant.find)
    if (parts.length !== 2) throw new Error(`${mutant.file} does not hold the line of "${mutant.name}" once`)
    return { ...loaded, source: parts.join(mutant.replace) }
  },
})

export const { features } = (await import('./features.ts')) as { features: Features }
