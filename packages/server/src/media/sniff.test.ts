import { describe, expect, it } from 'vitest'
import { declaredType } from './media-types.ts'
import { type Format, HEAD_BYTES, looksLike } from './sniff.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')
const box = (brand: string, ...others: string[]) => {
  const size = 16 + others.length * 4
  return bytes(`\0\0\0${String.fromCharCode(size)}ftyp${brand}\0\0\0\0${others.join('')}\0\0\0\x08moov`)
}

/** Beginnings of real files. */
const samples: Record<Format, Buffer[]> = {
  jpeg: [bytes('\xff\xd8\xff\xe0\0\x10JFIF'), bytes('\xff\xd8\xff\xe1\0\x10Exif')],
  png: [bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
  gif: [bytes('GIF89a\x01\0\x01\0'), bytes('GIF87a\x01\0\x01\0')],
  webp: [bytes('RIFF\x1a\0\0\0WEBPVP8L')],
  avif: [box('avif', 'mif1', 'miaf'), box('mif1', 'avif', 'miaf')],
  mp3: [bytes('ID3\x04\0\0'), bytes('\xff\xfb\x90\x64'), bytes('\xff\xf3\x40\xc0')],
  ogg: [bytes('OggS\0\x02')],
  wav: [bytes('RIFF\x24\0\0\0WAVEfmt ')],
  mp4: [box('isom', 'iso2', 'mp41'), box('mp42', 'isom'), box('M4A ', 'isom'), box('iso5', 'dash')],
  webm: [
    bytes('\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webmB\x87\x81\x04'),
  ],
  pdf: [bytes('%PDF-1.7\n')],
  zip: [bytes('PK\x03\x04\x14\0'), bytes('PK\x05\x06\0\0')],
  ole: [bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0')],
  text: [
    bytes('a,b\r\n1,2\r\n'),
    Buffer.from('Grüße 👋'),
    Buffer.from('\ufeffname;größe', 'utf8'),
    Buffer.from('\ufeffname\tgröße', 'utf16le'),
    bytes('gr\xf6\xdfe in Windows-1252'),
    bytes('a < b and <b'),
    bytes('x'.repeat(HEAD_BYTES)),
  ],
}
// The keys of the record above.
const formats = Object.keys(samples) as Format[]

describe('the beginning of a file', () => {
  it.each(formats)('is known for what it is: %s', (format) => {
    for (const sample of samples[format]) {
      const seen = formats.filter((one) => looksLike(sample, one))
      expect(seen, sample.toString('latin1')).toContain(format)
      expect(seen.filter((one) => one !== 'text' && one !== format)).toEqual([])
    }
  })

  it.each(formats.filter((format) => format !== 'text'))('is no text when it is %s', (format) => {
    for (const sample of samples[format].filter((one) => one.includes(0)))
      expect(looksLike(sample, 'text'), sample.toString('latin1')).toBe(false)
  })

  it('that is a page, a drawing or a script is none of them', () => {
    const pages = [
      ...[
        '<!DOCTYPE html><p>',
        '\n  <html>',
        '<script>alert(1)</script>',
        '<svg xmlns="…">',
        '<?xml version="1.0"?>',
      ],
      ...[
        '<!-- x --><script>',
        '\ufeff<HTML lang=en>',
        '#!/bin/sh\nrm',
        '<?php',
        '<iframe src=x>',
        '<a href=x>',
      ],
      ...['<svg/onload=alert(1)>', '<img src=x onerror=alert(1)>'],
    ]
    for (const page of pages) {
      expect(
        formats.filter((format) => looksLike(Buffer.from(page), format)),
        page,
      ).toEqual([])
      const wide = Buffer.from(`\ufeff${page}`, 'utf16le')
      expect(
        formats.filter((format) => looksLike(wide, format)),
        `${page} in UTF-16`,
      ).toEqual([])
    }
  })

  it('that is a program, another container or nothing is none of them', () => {
    const others = [
      bytes('MZ\x90\0\x03'),
      bytes('\x7fELF\x02\x01\x01\0'),
      bytes('\xca\xfe\xba\xbe\0\0'),
      bytes('\xcf\xfa\xed\xfe\x07\0'),
      bytes('\0asm\x01\0\0\0'),
      box('qt  '),
      box('heic', 'mif1'),
      bytes('\x1aE\xdf\xa3\x9fB\x82\x88matroska'),
      bytes('RIFF\x24\0\0\0AVI '),
      bytes('\xff\xfe\0\0'),
      Buffer.alloc(64),
      Buffer.alloc(0),
    ]
    for (const other of others)
      expect(
        formats.filter((format) => looksLike(other, format)),
        other.toString('latin1'),
      ).toEqual([])
  })

  it('may be short', () => {
    for (const format of formats)
      for (const sample of samples[format])
        for (const length of [0, 1, 3, 5, 9])
          expect(() => looksLike(sample.subarray(0, length), format)).not.toThrow()
  })
})

describe('the declared type', () => {
  it('is known under its other names, with parameters and in capitals', () => {
    expect(declaredType('Image/JPG; q=1', '')?.mime).toBe('image/jpeg')
    expect(declaredType('audio/webm;codecs=opus', '')?.mime).toBe('audio/webm')
    expect(declaredType('application/x-zip-compressed', '')?.mime).toBe('application/zip')
  })

  it('of a table from Windows is what its name says', () => {
    expect(declaredType('application/vnd.ms-excel', 'list.CSV')?.mime).toBe('text/csv')
    expect(declaredType('application/vnd.ms-excel', 'list.xls')?.mime).toBe('application/vnd.ms-excel')
  })

  it.each([
    ...['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', 'application/javascript', ''],
    ...[
      'application/octet-stream',
      'application/x-msdownload',
      'application/json',
      'video/quicktime',
      '__proto__',
    ],
  ])('is not taken: %j', (mime) => {
    expect(declaredType(mime, 'a.png')).toBeUndefined()
  })
})
