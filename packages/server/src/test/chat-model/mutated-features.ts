import type { FeatureModule } from '../../store/store.ts'
import { mutate } from '../mutation.ts'
import { mutants } from './mutants.ts'

/** The features of the chat model with one line of the chats changed: `mutated-features.ts?mutant=NAME`. */
mutate(mutants, import.meta.url)

export const { features, prepare } = (await import('./features.ts')) as FeatureModule
