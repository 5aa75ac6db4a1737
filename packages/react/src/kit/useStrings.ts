import { useContext, useMemo } from 'react'
import { LooksContext } from '../ui/part.ts'
import { KitContext } from './KitContext.ts'
import { en, type Strings } from './strings.ts'

const NONE: Partial<Strings> = {}
const whole = new WeakMap<Partial<Strings>, Strings>()

/** All words, with an app's own in place. The same object for the same ones: each row of a list asks. */
export function withAll(own: Partial<Strings>): Strings {
  const strings = whole.get(own) ?? { ...en, ...own }
  whole.set(own, strings)
  return strings
}

/** The provider's words, with those in place that a component around this one has. */
export function useStrings(): Strings {
  const own = useContext(KitContext)?.strings ?? NONE
  const { strings } = useContext(LooksContext)
  return useMemo(() => (strings ? { ...withAll(own), ...strings } : withAll(own)), [own, strings])
}
