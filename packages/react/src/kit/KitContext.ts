import type { BelfryClient } from '@belfry/client'
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react'
import type { Announcements } from '../speech/announcements.ts'
import { type Later, useLater } from '../ui/later.ts'
import { LooksContext } from '../ui/part.ts'
import { type FirstStrings, firstStrings } from './first-strings.ts'
import type { KitPart, KitParts, MakePart } from './kit-parts.ts'
import type { NotificationProviderProps } from './NotificationProvider.tsx'
import type { Strings } from './strings.ts'

/** How a type of notification looks and sounds. */
export interface TypeLook {
  label?: string
  icon?: ReactNode
  /** A CSS colour. */
  color?: string
  /** `false`: silent. A number of half tones above the usual sound, or the address of a file: another one. */
  sound?: boolean | number | string
}

/** What a `NotificationProvider` gives to everything below it. */
export interface Kit {
  /** Undefined while nobody is signed in, and on the server. */
  client: BelfryClient | undefined
  /** The app's own, in place of English ones. */
  strings: Partial<Strings>
  /** BCP 47. */
  locale: string
  /** Undefined: as the page has it. */
  dir: 'ltr' | 'rtl' | undefined
  timeZone: string | undefined
  /** Of lists. */
  pageSize: number
  /** Server time, in milliseconds since 1970. */
  now(): number
  lookOf(type: string): TypeLook
  announcements: Announcements
  parts: KitParts
  /** As the app has given them last. */
  props(): NotificationProviderProps
}

export const KitContext = createContext<Kit | undefined>(undefined)

/** @throws Error outside of a provider */
export function useKit(): Kit {
  const kit = useContext(KitContext)
  if (!kit) throw new Error('Put this inside <BelfryProvider> or <SocketProvider>.')
  return kit
}

/** A part of the provider, open from the first effect on. */
export function usePart<T extends KitPart>(make: MakePart<T>): T {
  const { parts } = useKit()
  const part = parts.of(make)
  useEffect(() => parts.open(part), [parts, part])
  return part
}

/** The same for a part whose code is loaded when it is first used; undefined until then. */
export function useLatePart<T extends KitPart>(late: Later<MakePart<T>>): T | undefined {
  const { parts } = useKit()
  const make = useLater(late)
  const part = make && parts.of(make)
  useEffect(() => {
    if (part) parts.open(part)
  }, [parts, part])
  return part
}

/** Words of a page that has just come: the provider's, with those in place that a component around this one has. */
export function useFirstStrings(): FirstStrings {
  const own = useContext(KitContext)?.strings
  const { strings } = useContext(LooksContext)
  return useMemo(() => ({ ...firstStrings, ...own, ...strings }), [own, strings])
}
