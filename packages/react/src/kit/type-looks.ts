import type { TypeLook } from './KitContext.ts'

/** By type, or by category for all of its types. */
export type TypeLooks = Readonly<Record<string, TypeLook>>

/** The category is `order` of `order:new`, as the server has it. */
export const lookIn = (types: TypeLooks, type: string): TypeLook | undefined =>
  types[type] ?? types[type.split(':')[0] ?? type]
