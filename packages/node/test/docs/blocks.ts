import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@belfry/testkit'

/** A fenced block of a page, or an example in a comment. */
export interface Block {
  /** `README.md:12`, for messages. */
  place: string
  language: string
  text: string
}

/** Everything that people read first; the page of benchmarks is written by their own command. */
export const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })]
  .filter((page) => page !== 'docs/benchmarks.md')
  .sort()

export const readPage = (page: string): string => readFileSync(join(ROOT, page), 'utf8')

export function blocksOf(page: string): Block[] {
  const blocks: Block[] = []
  let open: { language: string; line: number; lines: string[] } | undefined
  readPage(page)
    .split('\n')
    .forEach((line, index) => {
      const fence = /^```(\w*)/.exec(line)
      if (!open && fence) open = { language: fence[1] ?? '', line: index + 1, lines: [] }
      else if (open && fence) {
        blocks.push({ place: `${page}:${open.line}`, language: open.language, text: open.lines.join('\n') })
        open = undefined
      } else open?.lines.push(line)
    })
  if (open) throw new Error(`${page}:${open.line}: this block has no end`)
  return blocks
}

/** The code after `@example` in the comments of a folder's sources. */
export function examplesIn(folder: string): Block[] {
  return globSync(`${folder}/**/*.{ts,tsx}`, { cwd: ROOT }).flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    return [...text.matchAll(/^( *)\* @example\n((?:\1\*(?! @|\/).*\n)*)/gm)].map((match) => ({
      place: `${file}:${text.slice(0, match.index).split('\n').length}`,
      language: file.startsWith('packages/react/') ? 'tsx' : 'ts',
      text: (match[2] ?? '').replace(/^ *\* ?/gm, ''),
    }))
  })
}
