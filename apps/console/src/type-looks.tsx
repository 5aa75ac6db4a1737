import type { TypeLook } from '@belfry/react'
import { categoryNames } from './category-names.ts'
import { kinds } from './kinds.ts'
import type { Language } from './look.ts'

/** Icons and colours of the samples by type, and their names by category. */
export function typeLooksIn(language: Language): Readonly<Record<string, TypeLook>> {
  const looks: Record<string, TypeLook> = {}
  for (const { type, icon: Icon } of kinds) {
    const category = categoryIn(type)
    const color = `var(--kind-${category}, var(--kind-info))`
    const label = categoryNames[category]?.[language]
    const look = { icon: <Icon size={17} />, color, ...(label === undefined ? {} : { label }) }
    looks[type] = look
    looks[category] ??= look
  }
  return looks
}

/** `order` of `order:new`, as the server does it. */
const categoryIn = (type: string) => type.split(':')[0] ?? type
