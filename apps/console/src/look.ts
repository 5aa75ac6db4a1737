import { en, type Strings } from '@belfry/react'
import { type ChatStrings, enChat } from '@belfry/react/chat'
import { createContext, useContext } from 'react'
import { Store } from './store.ts'
import { useStore } from './use-store.ts'

interface Words {
  strings: Strings
  chatStrings: ChatStrings
}

/** Names in their own language; words of the kit are loaded when somebody wants them. */
export const languages = {
  en: { label: 'English', isRtl: false, load: async () => ({ strings: en, chatStrings: enChat }) },
  de: {
    label: 'Deutsch',
    isRtl: false,
    load: async () => ({
      strings: (await import('@belfry/react/locales/de')).de,
      chatStrings: (await import('@belfry/react/chat/locales/de')).deChat,
    }),
  },
  fr: {
    label: 'Français',
    isRtl: false,
    load: async () => ({
      strings: (await import('@belfry/react/locales/fr')).fr,
      chatStrings: (await import('@belfry/react/chat/locales/fr')).frChat,
    }),
  },
  es: {
    label: 'Español',
    isRtl: false,
    load: async () => ({
      strings: (await import('@belfry/react/locales/es')).es,
      chatStrings: (await import('@belfry/react/chat/locales/es')).esChat,
    }),
  },
  ar: {
    label: 'العربية',
    isRtl: true,
    load: async () => ({
      strings: (await import('@belfry/react/locales/ar')).ar,
      chatStrings: (await import('@belfry/react/chat/locales/ar')).arChat,
    }),
  },
} satisfies Record<string, { label: string; isRtl: boolean; load(): Promise<Words> }>

export type Language = keyof typeof languages

export interface Look extends Words {
  isDark: boolean
  isRtl: boolean
  isStill: boolean
  language: Language
}

type Choice = Partial<Omit<Look, keyof Words>>

const KEY = 'belfry:look'

/** How the pages look, the same in all tabs that open from now on. What nobody has chosen is as the system wants it. */
export class Looks {
  readonly store: Store<Look>
  readonly #dark = matchMedia('(prefers-color-scheme: dark)')
  #choice: Choice

  constructor() {
    this.#choice = readChoice()
    this.store = new Store<Look>({
      isDark: this.#dark.matches,
      isRtl: false,
      isStill: matchMedia('(prefers-reduced-motion: reduce)').matches,
      language: 'en',
      strings: en,
      chatStrings: enChat,
      ...withoutLanguage(this.#choice),
    })
    this.#dark.addEventListener('change', () => {
      if (this.#choice.isDark === undefined) this.store.update({ isDark: this.#dark.matches })
    })
    this.store.subscribe(() => this.#dress())
    this.#dress()
    if (this.#choice.language) void this.#speak(this.#choice.language)
  }

  change(choice: Omit<Choice, 'language'>): void {
    this.#keep(choice)
    this.store.update(choice)
  }

  /** Turns the page as the language reads, too. */
  async setLanguage(language: Language): Promise<void> {
    this.#keep({ language, isRtl: languages[language].isRtl })
    await this.#speak(language)
    this.store.update({ isRtl: languages[language].isRtl })
  }

  async #speak(language: Language): Promise<void> {
    const words = await languages[language].load()
    if (this.#choice.language === language) this.store.update({ language, ...words })
  }

  #keep(choice: Choice): void {
    this.#choice = { ...this.#choice, ...choice }
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#choice))
    } catch {
      // Private windows and full storage: it holds for this page.
    }
  }

  #dress(): void {
    const { isDark, isRtl, isStill } = this.store.getSnapshot()
    const { dataset } = document.documentElement
    dataset.theme = isDark ? 'dark' : 'light'
    dataset.motion = isStill ? 'reduced' : 'full'
    document.documentElement.dir = isRtl ? 'rtl' : 'ltr'
  }
}

function readChoice(): Choice {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    const { isDark, isRtl, isStill, language } =
      typeof value === 'object' && value !== null ? ({ ...value } as Choice) : {}
    return {
      ...(typeof isDark === 'boolean' ? { isDark } : {}),
      ...(typeof isRtl === 'boolean' ? { isRtl } : {}),
      ...(typeof isStill === 'boolean' ? { isStill } : {}),
      ...(language && Object.hasOwn(languages, language) ? { language } : {}),
    }
  } catch {
    return {}
  }
}

const withoutLanguage = ({ language: _, ...rest }: Choice) => rest

export const LooksContext = createContext<Looks | undefined>(undefined)

/** @throws Error outside of the context */
export function useLooks(): Looks {
  const looks = useContext(LooksContext)
  if (!looks) throw new Error('The page has no looks.')
  return looks
}

export const useLook = (): Look => useStore(useLooks().store)
