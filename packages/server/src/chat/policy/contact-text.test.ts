import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findContacts, MASK, maskContacts } from './contact-text.ts'

const reading = { allowHosts: ['ours.example'], isDirect: true, hasPhones: true }
const mask = (text: string) => maskContacts(text, reading)

describe('contact details in a text', () => {
  it.each([
    ['john@gmail.com', '•••'],
    ['write john.doe+x@mail.example.co.uk please', 'write ••• please'],
    ['john @ gmail . com', '•••'],
    ['John at Gmail dot Com', '•••'],
    ['john(at)gmail(dot)com', '•••'],
    ['john [at] gmail [dot] com', '•••'],
    ['john-at-gmail-dot-com', '•••'],
    ['john_at_gmail_dot_com', '•••'],
    ['john at gmail', '•••'],
    ['JOHN＠GMAIL．COM', '•••'],
    ['j o h n @ g m a i l . c o m now', '••• now'],
    ['j\u200bohn@gm\u00adail.com', '•••'],
    ['jоhn@gmаil.com with letters of two alphabets', '••• with letters of two alphabets'],
  ])('e-mail: %s', (text, expected) => expect(mask(text)).toBe(expected))

  it.each([
    ['+1 (555) 123-4567', '•••'],
    ['call 5551234 now', 'call ••• now'],
    ['call ５５５１２３４５６７', 'call •••'],
    ['555.123.4567', '•••'],
    ['5 5 5 1 2 3 4 5 6 7', '•••'],
    ['٠١٢٣٤٥٦٧٨٩', '•••'],
    ['5️⃣5️⃣5️⃣1️⃣2️⃣3️⃣4️⃣', '•••'],
    ['on 2026-11-28 call 555 123 4567', 'on 2026-11-28 call •••'],
  ])('phone number: %s', (text, expected) => expect(mask(text)).toBe(expected))

  it.each([
    ['https://evil.example/x?y', '•••'],
    ['hxxp://evil.io', '•••'],
    ['see HTTPS://EVIL.COM/a b', 'see ••• b'],
    ['www.evil.example', '•••'],
    ['evil.com', '•••'],
    ['evil dot com', '•••'],
    ['evil (dot) com', '•••'],
    ['evil . com', '•••'],
    ['evil. com', '•••'],
    ['t.me/john', '•••'],
    ['пример.рф', '•••'],
    ['https://ours.example@evil.com/', '•••'],
    ['https://ours.example.evil.com', '•••'],
    ['https://notours.example/', '•••'],
    ['https://ours.example/?q=john@gmail.com', 'https://ours.example/?q=•••'],
  ])('link: %s', (text, expected) => expect(mask(text)).toBe(expected))

  it.each([
    ['telegram: johnny', '•••'],
    ['my Telegram is johnny', '•••'],
    ['Telegram @johnny', '•••'],
    ['tele\u00adgram john_99', '•••'],
    ['whatsapp me at johnny', '•••'],
    ['Whats app: johnny', '•••'],
    ['my insta handle is johnd', 'my •••'],
    ['discord john#1234', '•••'],
    ['tg: johnny', '•••'],
    ['IG - @john', '•••'],
    ['line id johnny', '•••'],
    ['signal @john', '•••'],
    ['reach @john_99', 'reach •••'],
  ])('name in a messenger: %s', (text, expected) => expect(mask(text)).toBe(expected))

  it.each([
    'Hello, see you at school. Then home.',
    'Meet at 10:30 on 2026-11-28, or 28.11.2026 14:00, or 11/28/2026.',
    'It costs 1,200.50 euros for 3-4 people.',
    'https://ours.example/orders/12345678 and files.ours.example',
    'hi @ann and @all, lunch @ noon or @ 5.30',
    'The signal is weak. line: 12',
    'He is great. Pro tip: use it. Let us go. Come on',
    'ok.so what, fine.no problem, e.g. this, version 1.2.3, report.pdf',
    'I work at home. Do you have telegram?',
    '1 2 3 go, e = m c 2, order 123456',
    '数量は5個です。',
    '',
  ])('none: %s', (text) => {
    expect(findContacts(text, reading)).toEqual([])
    expect(mask(text)).toBe(text)
  })

  it('a mention of a member is no name in a messenger where there are several', () => {
    expect(maskContacts('ask @ann_92', { ...reading, isDirect: false })).toBe('ask @ann_92')
  })

  it('what was hidden cannot be found again, whatever was around it', () => {
    const pieces = fc.constantFrom(
      ...[
        'john',
        '@',
        ' at ',
        '.',
        ' dot ',
        'com',
        ' ',
        '555',
        '1',
        '-',
        '+',
        '(',
        ')',
        '\n',
        '://',
        'www.',
        '/',
      ],
      ...[
        'telegram',
        ': ',
        'my ',
        'is ',
        '@a_12',
        'me',
        'ours.example',
        '２',
        '\u200b',
        '😀',
        'İ',
        'ﷺ',
        '•••',
        '2026-11-28',
      ],
    )
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 80 }),
    )
    fc.assert(
      fc.property(texts, fc.boolean(), (text, isDirect) => {
        const kind = { ...reading, isDirect }
        const masked = maskContacts(text, kind)
        expect(findContacts(masked, kind)).toEqual([])
        if (findContacts(text, kind).length === 0) expect(masked).toBe(text)
        else expect(masked).toContain(MASK)
      }),
      { numRuns: 2000 },
    )
  })

  it('places lie in the text in order and apart', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a@b.co', ' ', '5551234567', '\u200b', 'x.com', '😀')),
        (parts) => {
          const text = parts.join('')
          let from = -1
          for (const { start, end } of findContacts(text, reading)) {
            expect(start).toBeGreaterThan(from)
            expect(end).toBeGreaterThan(start)
            from = end
          }
          expect(from).toBeLessThanOrEqual(text.length)
        },
      ),
    )
  })
})

describe('the search for contact details', () => {
  const hostile = [
    '@',
    'a',
    'a@',
    'a.',
    '.',
    '1',
    '1 ',
    '1-',
    '- ',
    '(',
    'at ',
    ' at a',
    'a dot ',
    '://',
    'www.',
    'com.',
    '.com/',
  ].concat([
    'telegram ',
    'telegram: ',
    'my telegram is ',
    'a@a.',
    '@a1',
    'ﷺ',
    'j ',
    '\u200b',
    'a.b/',
    '١',
    '😀',
    'a-',
    '%_',
    '2026-',
  ])
  it('reads 8,000 hostile characters about as fast as ten times 800', () => {
    const timeMs = (repeat: string, length: number, times: number) => {
      const text = repeat.repeat(Math.ceil(length / repeat.length))
      const startedAt = performance.now()
      for (let time = 0; time < times; time++) maskContacts(text, reading)
      return performance.now() - startedAt
    }
    for (const repeat of hostile) {
      timeMs(repeat, 800, 10)
      const fastest = (length: number, times: number) =>
        Math.min(...[1, 2, 3].map(() => timeMs(repeat, length, times)))
      // Twice the work would be a square; a busy machine and small numbers are allowed a good deal.
      expect(fastest(8000, 1), repeat).toBeLessThan(5 * fastest(800, 10) + 20)
    }
  })
})
