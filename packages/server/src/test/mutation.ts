import { registerHooks } from 'node:module'

export interface Mutant {
  /** What the mutant forgets. */
  name: string
  /** Path below `src/`. */
  file: string
  find: string
  replace: string
}

/**
 * Changes one line of a module that this thread has not loaded yet, as it is loaded; no file is touched. To be called
 * with the URL of a module that carries `?mutant=NAME`.
 */
export function mutate(mutants: readonly Mutant[], url: string): void {
  const name = new URL(url).searchParams.get('mutant')
  const mutant = mutants.find((one) => one.name === name)
  if (!mutant) throw new Error(`No mutant is called ${name}`)
  registerHooks({
    load(module, context, next) {
      const loaded = next(module, context)
      if (!module.endsWith(`/src/${mutant.file}`)) return loaded
      const parts = String(loaded.source).split(mutant.find)
      if (parts.length !== 2)
        throw new Error(`${mutant.file} does not hold the line of "${mutant.name}" once`)
      return { ...loaded, source: parts.join(mutant.replace) }
    },
  })
}
