import type { ChatStrings } from '../../src/chat/strings.ts'
import type { Strings } from '../../src/kit/strings.ts'

/** What the address of the gallery says, e.g. `?theme=dark&dir=rtl&motion=reduced&lang=de&url=…&token=…`. */
export interface PageQuery {
  theme: string | undefined
  dir: 'ltr' | 'rtl' | undefined
  motion: string | undefined
  lang: string
  /** Of a real server. Without it, a scene with a client that is made up. */
  url: string | undefined
  token: string | undefined
  /** Who we are, for a server with `AUTH=open`. */
  user: string | undefined
  scene: string
}

export function readQuery(search: string): PageQuery {
  const query = new URLSearchParams(search)
  const text = (name: string) => query.get(name) ?? undefined
  const dir = text('dir')
  return {
    theme: text('theme'),
    dir: dir === 'rtl' || dir === 'ltr' ? dir : undefined,
    motion: text('motion'),
    lang: text('lang') ?? 'en',
    url: text('url'),
    token: text('token'),
    user: text('user'),
    scene: text('scene') ?? 'panel',
  }
}

const languages: Readonly<Record<string, () => Promise<Strings>>> = {
  ar: async () => (await import('../../src/locales/ar.ts')).ar,
  de: async () => (await import('../../src/locales/de.ts')).de,
  es: async () => (await import('../../src/locales/es.ts')).es,
  fr: async () => (await import('../../src/locales/fr.ts')).fr,
}

export const stringsOf = async (lang: string): Promise<Partial<Strings>> => (await languages[lang]?.()) ?? {}

const chatLanguages: Readonly<Record<string, () => Promise<ChatStrings>>> = {
  ar: async () => (await import('../../src/chat/locales/ar.ts')).arChat,
  de: async () => (await import('../../src/chat/locales/de.ts')).deChat,
  es: async () => (await import('../../src/chat/locales/es.ts')).esChat,
  fr: async () => (await import('../../src/chat/locales/fr.ts')).frChat,
}

export const chatStringsOf = async (lang: string): Promise<Partial<ChatStrings>> =>
  (await chatLanguages[lang]?.()) ?? {}

/** Sets up the document as an app would. */
export function dress({ theme, dir, motion, lang }: PageQuery): void {
  const { documentElement } = document
  documentElement.lang = lang
  if (dir) documentElement.dir = dir
  if (theme) documentElement.dataset.theme = theme
  if (motion) documentElement.dataset.motion = motion
}
