import type { NotificationProviderProps } from '@belfry/react'
import { useMemo } from 'react'
import { useLook } from './look.ts'
import { typeLooksIn } from './type-looks.tsx'

type Words = Required<Pick<NotificationProviderProps, 'strings' | 'locale' | 'dir' | 'types'>>

/** What every provider of the kit on these pages is told. */
export function useKitWords(): Words {
  const { strings, language, isRtl } = useLook()
  const types = useMemo(() => typeLooksIn(language), [language])
  return { strings, locale: language, dir: isRtl ? 'rtl' : 'ltr', types }
}
