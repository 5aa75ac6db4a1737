import { relative } from 'node:path'
import { type CommandRow, commandNames, commands, errors } from '@belfry/protocol'
import { settings } from '@belfry/server'

/** Settings are set in the unit of their name and kept in milliseconds. */
const UNITS_MS = new Map([
  ['SECONDS', 1000],
  ['HOURS', 3_600_000],
  ['DAYS', 86_400_000],
])

/** Tables that are written from the code, by the name of their place in the pages. */
const tables: Record<string, () => string> = {
  settings: () =>
    table(
      ['variable', 'default', 'meaning'],
      Object.entries(settings).map(([name, one]) => [code(one.env), defaultOf(name, one), one.summary]),
    ),
  commands: () =>
    table(
      ['route', 'who', 'command', 'what'],
      commandNames.flatMap((name) => {
        const { rest, rule, scope, summary }: CommandRow = commands[name]
        if (!rest) return []
        const who = scope === undefined ? rule : `${rule}, or a key with ${code(scope)}`
        return [[code(`${rest.method} ${rest.path}`), who, code(name), summary]]
      }),
    ),
  errors: () =>
    table(
      ['status', 'code', 'repeat?', 'message'],
      Object.entries(errors)
        .sort(([, a], [, b]) => a.status - b.status)
        .map(([name, { status, retry, message }]) => [
          String(status),
          code(name),
          retry ? 'yes, with the same key' : 'no',
          message,
        ]),
    ),
}

const code = (text: string) => `\`${text}\``

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Defaults that depend on something else. */
const COMPUTED: Record<string, string> = {
  jwtSecret: 'made, kept in `DATA_DIR`',
  mediaStore: '`disk`',
  playground: '`on` on loopback outside production',
}

type AnySetting = (typeof settings)[keyof typeof settings]

function defaultOf(name: string, { env, schema }: AnySetting): string {
  const computed = COMPUTED[name]
  if (computed !== undefined) return computed
  // Refuses whatever it is set to.
  if (schema.safeParse('x').error?.issues[0]?.message.includes('not in this version'))
    return 'not in this version'
  const value: unknown = schema.safeParse(undefined).data
  const text = textOf(value, env)
  return text === '' ? '' : code(text)
}

function textOf(value: unknown, env: string): string {
  if (value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (Array.isArray(value)) return value.join(',')
  if (typeof value === 'object' && value !== null && 'perSecond' in value && 'burst' in value) {
    return `${value.perSecond}/${value.burst}`
  }
  if (typeof value === 'number') {
    const unit = env.split('_').at(-1) ?? ''
    return String(value / (UNITS_MS.get(unit) ?? 1))
  }
  const path = relative(process.cwd(), String(value))
  return env === 'DATA_DIR' ? `./${path}` : String(value)
}

const MARK = /(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g

/** The page with its tables as the code has them now. */
export function withTables(page: string): string {
  return page.replace(MARK, (_, start: string, name: string, end: string) => {
    const make = tables[name]
    if (!make) throw new Error(`No table ${name}`)
    return `${start}\n${make()}\n\n${end}`
  })
}

export const tablesIn = (page: string): string[] => [...page.matchAll(MARK)].map((match) => match[2] ?? '')
