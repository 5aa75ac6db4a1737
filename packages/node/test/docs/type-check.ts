import { join } from 'node:path'
import { ROOT } from '@belfry/testkit'
import ts from 'typescript'
import type { Block } from './blocks.ts'

/** Of a reader's own app, what its examples use: the packages bring no types. */
const OTHERS = `declare module 'express' {
  interface Reply { sendStatus(status: number): void }
  type Handler = (request: { body: Record<string, string> }, reply: Reply) => unknown
  interface App {
    (request: import('node:http').IncomingMessage, reply: import('node:http').ServerResponse): void
    use(handler: Handler): void
    post(path: string, handler: Handler): void
  }
  function express(): App
  namespace express { function json(): Handler }
  export default express
}
declare module '*.css' {}`

/** What the compiler says about the blocks, each a module of its own at the root of the repository. */
export function typeCheck(blocks: readonly Block[]): string[] {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(
    { ...config.config, include: [], files: [] },
    ts.sys,
    ROOT,
  )
  const places = new Map(
    blocks.map((block, index) => [join(ROOT, `block-${index}.${block.language}`), block]),
  )
  const others = join(ROOT, 'other-packages.d.ts')
  const textOf = (file: string) => {
    if (file === others) return OTHERS
    const block = places.get(file)
    return block && `${block.text}\nexport {}\n`
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (file) => textOf(file) !== undefined || fileExists(file)
  host.getSourceFile = (file, ...rest) => {
    const text = textOf(file)
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, rest[0])
  }
  const program = ts.createProgram([others, ...places.keys()], options, host)
  return [...places].flatMap(([file, { place }]) => {
    const source = program.getSourceFile(file)
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return found.map((one) => `${place}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`)
  })
}
