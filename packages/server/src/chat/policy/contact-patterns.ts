/**
 * Patterns of contact details in plain text (see `plain-text.ts`). Every repetition is bounded, or what it repeats
 * cannot be read in two ways; each pattern begins with something rare. So the work grows with the length of the text
 * and with nothing else.
 */
export interface Pattern {
  readonly kind: 'email' | 'link' | 'phone' | 'handle'
  readonly expression: RegExp
  /** Characters before the match that belong to it. */
  readonly before?: { readonly characters: RegExp; readonly maxLength: number }
  /** A mention of a member is written like a handle, so this one is for chats of two only. */
  readonly isOnlyDirect?: boolean
}

const W = '[\\p{L}\\p{N}]'
const LABEL = `${W}(?:[\\p{L}\\p{N}-]{0,62})`
/** Endings that are no words of common languages; the last one as plain text has it. */
const TLD =
  '(?:com|net|org|info|biz|io|co|app|dev|xyz|online|site|shop|store|club|tech|cloud|gg|ly|tv|cc|ai|eu|uk|de|fr|nl|ch|pl|ru|ua|br|cn|jp|kr|ca|au|nz|dk|fi|cz|pt|gr|tr|hu|mx|in|pф)'
const AT_WORD = '[\\s_-](?:at|arroba)[\\s_-]'
const AT = `(?:\\s?@\\s?|\\s?\\(\\s?(?:at|@|a|arroba)\\s?\\)\\s?|${AT_WORD})`
const DOT_WORD = '(?:dot|punkt|punto|point)'
const DOT = `(?:\\.|\\s\\.\\s?|\\s?\\(\\s?(?:${DOT_WORD}|\\.)\\s?\\)\\s?|[\\s_-]${DOT_WORD}[\\s_-])`
const END = `(?!${W})`
const PATH = '(?::\\d{1,5})?(?:[/?#]\\S{0,2048})?'
const MAILBOXES = '(?:gmail|googlemail|hotmail|icloud|protonmail|gmx|yahoo)'

const LOCAL = { characters: /[\p{L}\p{N}._%+-]/u, maxLength: 64 }
const HOST = { characters: /[\p{L}\p{N}.-]/u, maxLength: 253 }
const SCHEME = { characters: /[a-z0-9+.-]/u, maxLength: 16 }

const HANDLE = '[\\p{L}\\p{N}_][\\p{L}\\p{N}_.-]{2,31}'
/** A name with a digit or underscore is no common word. */
const ODD_HANDLE = `(?=[\\p{L}.-]{0,31}[\\p{N}_])${HANDLE}`
const MESSENGER =
  '(?:telegram|whats ?app|instagram|insta|snapchat|we ?chat|viber|skype|discord|threema|kik|facebook|messenger|tiktok|twitter)'
const SHORT_MESSENGER = '(?:tg|wa|ig|fb|vk|qq|zalo|icq|snap)'
const NAME_WORD = '(?:id|name|user ?name|user|handle|account|nick|nickname|contact)'
const CALLED = `\\s${NAME_WORD}(?:\\sis)?\\s?[:=]?\\s?@?`

const pattern = (source: string) => new RegExp(source, 'gu')

export const patterns: readonly Pattern[] = [
  {
    kind: 'email',
    expression: pattern(`(?<=[\\p{L}\\p{N}._%+-])@${LABEL}(?:\\.${LABEL}){0,4}\\.\\p{L}{2,24}`),
    before: LOCAL,
  },
  {
    kind: 'email',
    expression: pattern(`(?<=[\\p{L}\\p{N}_%+-])${AT}${LABEL}(?:${DOT}${LABEL}){0,3}${DOT}${TLD}${END}`),
    before: LOCAL,
  },
  { kind: 'email', expression: pattern(`(?<=[\\p{L}\\p{N}_%+-])${AT}${MAILBOXES}${END}`), before: LOCAL },
  { kind: 'link', expression: /:\/\/\S{1,2048}/gu, before: SCHEME },
  { kind: 'link', expression: pattern(`(?<!${W})www${DOT}\\S{1,2048}`) },
  {
    kind: 'link',
    expression: pattern(`(?<=${W})${DOT}(?:${LABEL}${DOT}){0,4}${TLD}${END}${PATH}`),
    before: HOST,
  },
  { kind: 'link', expression: pattern(`(?<=${W})\\.\\scom${END}`), before: HOST },
  // Other endings only where a path shows that it is an address, such as t.me/name.
  {
    kind: 'link',
    expression: pattern(`(?<=${W})\\.(?:${LABEL}\\.){0,4}[a-z]{2,24}/\\S{1,2048}`),
    before: HOST,
  },
  { kind: 'phone', expression: /\+?\(?\d(?:[ ().\-/+_~*|]{0,3}\d){6,}/gu },
  {
    kind: 'handle',
    expression: pattern(
      `(?<!${W})${MESSENGER}(?:\\s?[:=@-]\\s?@?${HANDLE}|${CALLED}${HANDLE}|\\sme\\s(?:at|on|under)\\s@?${HANDLE}|\\s(?:is\\s)?@${HANDLE}|\\s(?:is\\s)?${ODD_HANDLE}|\\s(?:is\\s)?${HANDLE}#\\d{4})`,
    ),
  },
  { kind: 'handle', expression: pattern(`(?<!${W})my\\s${MESSENGER}\\sis\\s@?${HANDLE}`) },
  {
    kind: 'handle',
    expression: pattern(
      `(?<!${W})${SHORT_MESSENGER}(?:\\s?[:=@]\\s?@?${HANDLE}|${CALLED}${HANDLE}|\\s?-?\\s?@${HANDLE})`,
    ),
  },
  {
    kind: 'handle',
    expression: pattern(`(?<!${W})(?:line|signal)(?:${CALLED}${HANDLE}|\\s?:?\\s?@${HANDLE})`),
  },
  {
    kind: 'handle',
    expression: pattern(`(?<![\\p{L}\\p{N}._@])@(?=[\\p{L}.]{0,31}[\\p{N}_])[\\p{L}\\p{N}_.]{5,32}`),
    isOnlyDirect: true,
  },
]

const YEAR = '(?:19|20)\\d\\d'
const MONTH = '(?:0?[1-9]|1[0-2])'
const DAY = '(?:0?[1-9]|[12]\\d|3[01])'
/** Dates, which are no phone numbers however many digits they have. */
export const dates = pattern(
  `(?<!\\d)(?:${YEAR}[-./]${MONTH}[-./]${DAY}|${DAY}[-./]${MONTH}[-./]${YEAR}|${MONTH}[-./]${DAY}[-./]${YEAR})(?!\\d)`,
)
