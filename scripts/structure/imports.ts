import { dirname, posix } from 'node:path'
import ts from 'typescript'

export interface Import {
  /** As it is written. */
  readonly specifier: string
  readonly line: number
  /** Erased before it runs. */
  readonly isTypeOnly: boolean
  /** Loaded when asked for, so it closes no cycle. */
  readonly isLazy: boolean
}

export interface Source {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly imports: readonly Import[]
  /** Lines that read the environment of the process. */
  readonly environmentLines: readonly number[]
  readonly lineCount: number
  /** The comment before the first statement, or an empty text. */
  readonly openingComment: string
}

/** Reads one file as the compiler does, so that a word in a comment or a text is no import. */
export function readSource(path: string, text: string): Source {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind)
  const imports: Import[] = []
  const environmentLines: number[] = []
  const lineOf = (node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
  const visit = (node: ts.Node) => {
    const found = importOf(node)
    if (found) imports.push({ ...found, line: lineOf(node) })
    if (readsEnvironment(node)) environmentLines.push(lineOf(node))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return {
    path,
    imports,
    environmentLines,
    lineCount: text.trimEnd().split('\n').length,
    openingComment: openingComment(text),
  }
}

function importOf(node: ts.Node): Omit<Import, 'line'> | undefined {
  if (ts.isImportDeclaration(node)) {
    return named(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier)
    return named(node.moduleSpecifier, node.isTypeOnly)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return named(node.argument.literal, true)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments
    return argument && named(argument, false, true)
  }
  return undefined
}

function named(node: ts.Node, isTypeOnly: boolean, isLazy = false): Omit<Import, 'line'> | undefined {
  return ts.isStringLiteralLike(node) ? { specifier: node.text, isTypeOnly, isLazy } : undefined
}

function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.getText() === 'process.env'
  if (!ts.isImportSpecifier(node) || (node.propertyName ?? node.name).text !== 'env') return false
  const { moduleSpecifier } = node.parent.parent.parent as ts.ImportDeclaration
  return ts.isStringLiteral(moduleSpecifier) && /^(node:)?process$/.test(moduleSpecifier.text)
}

function openingComment(text: string): string {
  const start = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0
  const [first] = ts.getLeadingCommentRanges(text, start) ?? []
  return first ? text.slice(first.pos, first.end) : ''
}

/** The file or the package that an import names: `packages/x/src/y.ts`, `@belfry/x`, `fastify`. */
export function resolveImport(from: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(dirname(from), specifier) : specifier
}
