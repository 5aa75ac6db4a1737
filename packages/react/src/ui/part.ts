import type { CSSProperties } from 'react'
import type { Strings } from '../kit/strings.ts'

/** What every component of the kit takes. */
export interface PartProps {
  className?: string | undefined
  style?: CSSProperties | undefined
  /** Own words in place of the provider's. */
  strings?: Partial<Strings> | undefined
}

/** Props without those that are undefined: with exact optional types they must be absent. */
export function given<T extends object>(props: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as never
}
