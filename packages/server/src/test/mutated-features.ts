import type { Features } from '../store/store.ts'
import { mutants } from './mutants.ts'
import { mutate } from './mutation.ts'

/** The test features with one line of the inbox changed: `mutated-features.ts?mutant=NAME`. */
mutate(mutants, import.meta.url)

export const { features } = (await import('./features.ts')) as { features: Features }
