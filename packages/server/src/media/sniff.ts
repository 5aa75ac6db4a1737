/** What the beginning of a file says it is. Nothing is unpacked or decoded. */
export type Format =
  | 'jpeg'
  | 'png'
  | 'gif'
  | 'webp'
  | 'avif'
  | 'mp3'
  | 'ogg'
  | 'wav'
  | 'mp4'
  | 'webm'
  | 'pdf'
  | 'zip'
  | 'ole'
  | 'text'

/** How much of a file's beginning is looked at. */
export const HEAD_BYTES = 4096

type Test = (head: Buffer) => boolean

const at =
  (offset: number, ...bytes: number[]): Test =>
  (head) =>
    head.subarray(offset, offset + bytes.length).equals(Buffer.from(bytes))
const text =
  (offset: number, ...texts: string[]): Test =>
  (head) =>
    texts.some((one) => head.subarray(offset, offset + one.length).equals(Buffer.from(one, 'latin1')))
const all =
  (...tests: Test[]): Test =>
  (head) =>
    tests.every((test) => test(head))

const isBox = text(4, 'ftyp')

/** Names of four characters in an ISO media file's first box: its own, and those that it is compatible with. */
function brandsOf(head: Buffer): string[] {
  const end = Math.min(head.readUInt32BE(0), head.length)
  const names = [head.toString('latin1', 8, 12)]
  for (let offset = 16; offset + 4 <= end; offset += 4)
    names.push(head.toString('latin1', offset, offset + 4))
  return names
}

const hasAvifBrand: Test = (head) => brandsOf(head).some((brand) => brand === 'avif' || brand === 'avis')

/** Brands of MP4 that browsers play; QuickTime's and the still pictures' are other formats. */
const MP4_BRANDS =
  /^(iso[m2-9]|mp4[12]|mp71|avc1|hvc1|av01|dash|cmf[c2s]|M4A |M4B |M4V |M4VH|M4VP|MSNV|mmp4|f4v )$/
const hasMp4Brand: Test = (head) => MP4_BRANDS.test(brandsOf(head)[0] ?? '')

/** A frame of layer III with a bit rate and a sampling rate that exist. */
const isMp3Frame: Test = (head) => {
  const [sync = 0, version = 0, rates = 0] = head
  const isLayer3 = sync === 0xff && (version & 0xe6) === 0xe2 && (version & 0x18) !== 0x08
  return isLayer3 && (rates & 0xf0) !== 0xf0 && (rates & 0x0c) !== 0x0c
}

/** The header of Matroska names its kind in the element 4282: here the four letters `webm`. */
const isWebm: Test = (head) =>
  at(0, 0x1a, 0x45, 0xdf, 0xa3)(head) && head.includes(Buffer.from('\x42\x82\x84webm', 'latin1'))

/** How a browser tells a page from a text, and how a system tells a script. Source: WHATWG MIME Sniffing §7.1. */
const MARKUP =
  /^(?:#!|\s*<(?:!--|\?|(?:!doctype|html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p|svg|math|xml|object|embed|meta|link|img|form)(?:[\s>/]|$)))/i
// The characters that no text holds are what this looks for.
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const BINARY = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/

function decoded(head: Buffer): string {
  if (at(0, 0xff, 0xfe)(head)) return new TextDecoder('utf-16le').decode(head)
  if (at(0, 0xfe, 0xff)(head)) return new TextDecoder('utf-16be').decode(head)
  if (at(0, 0xef, 0xbb, 0xbf)(head)) return head.subarray(3).toString('latin1')
  return head.toString('latin1')
}

const isText: Test = (head) => {
  const beginning = decoded(head)
  return !BINARY.test(beginning) && !MARKUP.test(beginning)
}

const tests: Record<Format, Test> = {
  jpeg: at(0, 0xff, 0xd8, 0xff),
  png: at(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  gif: text(0, 'GIF87a', 'GIF89a'),
  webp: all(text(0, 'RIFF'), text(8, 'WEBP')),
  avif: all(isBox, hasAvifBrand),
  mp3: (head) => text(0, 'ID3')(head) || isMp3Frame(head),
  ogg: text(0, 'OggS'),
  wav: all(text(0, 'RIFF'), text(8, 'WAVE')),
  mp4: all(isBox, hasMp4Brand),
  webm: isWebm,
  pdf: text(0, '%PDF-'),
  zip: (head) => at(0, 0x50, 0x4b, 3, 4)(head) || at(0, 0x50, 0x4b, 5, 6)(head),
  ole: at(0, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
  text: isText,
}

/** Whether a file that begins like this may be of the format. `head` holds the first `HEAD_BYTES`, or all there are. */
export const looksLike = (head: Buffer, format: Format): boolean => head.length > 0 && tests[format](head)
