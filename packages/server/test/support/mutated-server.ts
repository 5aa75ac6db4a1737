import { mutate } from '../../src/test/mutation.ts'
import { CLUSTER_MUTANTS } from './cluster-mutants.ts'

/** To be imported before the server: `mutated-server.ts?mutant=NAME`. */
mutate(CLUSTER_MUTANTS, import.meta.url)
