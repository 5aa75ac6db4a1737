import type { ReactNode } from 'react'

const HUES = 6

/** The same for the same text. */
function hueOf(text: string): number {
  let sum = 0
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return sum % HUES
}

/** The first letters of the first two words. */
function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter(Boolean)
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase()
}

/** A round sign for a person or a chat; its name stands beside it. */
export function Avatar({ name, children }: { name: string; children?: ReactNode }) {
  return (
    <span data-belfry-avatar="" data-hue={hueOf(name)} aria-hidden="true">
      {initialsOf(name)}
      {children}
    </span>
  )
}
