/** A text as patterns read it, and where each of its characters comes from. */
export interface PlainText {
  readonly text: string
  /** For each UTF-16 unit of `text`, the place in the original where its character begins. */
  readonly starts: readonly number[]
  /** … and where it ends. */
  readonly ends: readonly number[]
}

/** From this many on, single characters between blanks are one word that was pulled apart. */
const MIN_SINGLES = 3

/**
 * Lower case, one alphabet for letters that look alike, one kind of digits, blanks, dashes and brackets, nothing
 * invisible; words whose letters were pulled apart by blanks are put together. The work grows with the length of the
 * text and with nothing else.
 */
export function plainText(original: string): PlainText {
  const letters: Letter[] = []
  let start = 0
  for (const character of original) {
    const end = start + character.length
    const plain = plainCharacter(character)
    const last = letters.at(-1)
    // What is not seen goes with the character before it.
    if (plain === '' && last) last.end = end
    for (let index = 0; index < plain.length; index++) {
      const unit = plain.charAt(index)
      if (!isBlank(unit) || !extendBlank(letters.at(-1), { unit, end })) letters.push({ unit, start, end })
    }
    start = end
  }
  const kept = joined(letters)
  return {
    text: kept.map(({ unit }) => unit).join(''),
    starts: kept.map((letter) => letter.start),
    ends: kept.map((letter) => letter.end),
  }
}

interface Letter {
  unit: string
  start: number
  end: number
}

const isBlank = (unit: string) => unit === ' ' || unit === '\n'

/** Several blanks are one; it is a line's end when one of them is. */
function extendBlank(last: Letter | undefined, { unit, end }: { unit: string; end: number }): boolean {
  if (!last || !isBlank(last.unit)) return false
  last.end = end
  if (unit === '\n') last.unit = unit
  return true
}

/** Letters of other alphabets that are taken for Latin ones, and signs for dots and dashes. */
const LOOKS_LIKE = new Map(
  Object.entries({
    ...{
      а: 'a',
      е: 'e',
      о: 'o',
      р: 'p',
      с: 'c',
      у: 'y',
      х: 'x',
      і: 'i',
      ѕ: 's',
      ј: 'j',
      к: 'k',
      м: 'm',
      т: 't',
    },
    ...{ α: 'a', ο: 'o', ρ: 'p', ν: 'v', ι: 'i', κ: 'k', ı: 'i' },
    ...{ '·': '.', '。': '.', '∙': '.', '⋅': '.', '․': '.', '−': '-', '⁄': '/' },
    ...{ '[': '(', '{': '(', '<': '(', ']': ')', '}': ')', '>': ')' },
  }),
)

/** The longest form that stands for one sign which is part of an address; whole sayings in one sign are not. */
const MAX_FOLDED = 4

/** A language has few signs, and classes of characters are slow to ask for: a text of 8,000 signs would take 8 ms. */
const known = new Map<string, string>()
const MAX_KNOWN = 4096

function plainCharacter(character: string): string {
  if (character >= '!' && character <= '~') return lookalike(character.toLowerCase())
  let plain = known.get(character)
  if (plain === undefined) {
    if (known.size >= MAX_KNOWN) known.clear()
    plain = folded(character)
    known.set(character, plain)
  }
  return plain
}

function folded(character: string): string {
  const form = character.normalize('NFKC').toLowerCase()
  return Array.from(form.length > MAX_FOLDED ? character : form, (part) => lookalike(classOf(part))).join('')
}

const lookalike = (character: string) => LOOKS_LIKE.get(character) ?? character

function classOf(character: string): string {
  if (character === '\n' || character === '\r' || character === '\u2028') return '\n'
  if (/\s/u.test(character)) return ' '
  if (/[\p{Cf}\p{Cc}\p{M}]/u.test(character)) return ''
  if (/\p{Pd}/u.test(character)) return '-'
  if (/\p{Ps}/u.test(character)) return '('
  if (/\p{Pe}/u.test(character)) return ')'
  return /\p{Nd}/u.test(character) ? digitOf(character) : character
}

/** Each script's ten digits stand side by side. */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1
  return String(value)
}

/** `j o h n` becomes `john`. */
function joined(letters: readonly Letter[]): Letter[] {
  const kept: Letter[] = []
  for (let from = 0; from < letters.length; ) {
    const upTo = endOfSingles(letters, from)
    const isApart = upTo - from >= 2 * MIN_SINGLES - 1
    for (let index = from; index < upTo; index++) {
      const letter = letters[index]
      // Every second one is a blank; the last one parts the word from what follows.
      if (letter && !(isApart && isBlank(letter.unit) && index < upTo - 1)) kept.push(letter)
    }
    from = upTo
    if (!isApart) from = pushWord(letters, from, kept)
  }
  return kept
}

/** Where a row of single characters, each followed by a blank or the end, ends. */
function endOfSingles(letters: readonly Letter[], from: number): number {
  const isBlankAt = (index: number) => isBlank(letters[index]?.unit ?? ' ')
  let index = from
  while (index < letters.length && !isBlankAt(index) && isBlankAt(index + 1)) index += 2
  return Math.min(index, letters.length)
}

/** Takes over everything up to and with the next blank; returns where that ends. */
function pushWord(letters: readonly Letter[], from: number, kept: Letter[]): number {
  for (let index = from; index < letters.length; index++) {
    const letter = letters[index]
    if (letter) kept.push(letter)
    if (letter && isBlank(letter.unit)) return index + 1
  }
  return letters.length
}
