import { type CommandRow, commandNames, commands, errors, PROTOCOL_VERSION } from '@belfry/protocol'
import { z } from 'zod'

type Json = Record<string, unknown>

const failureSchema: Json = {
  type: 'object',
  required: ['success', 'code', 'message'],
  properties: {
    success: { const: false },
    code: { enum: Object.keys(errors) },
    message: { type: 'string' },
    field: { type: 'string' },
  },
}

/** The OpenAPI document, made from the command table: what is not in the table is not in the document. */
export function createOpenApi(): Json {
  const paths: Record<string, Json> = {}
  for (const name of commandNames) {
    const row: CommandRow = commands[name]
    if (!row.rest) continue
    const path = row.rest.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [row.rest.method.toLowerCase()]: operation(name, row) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Belfry', version: String(PROTOCOL_VERSION), license: { name: 'MIT' } },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Failure: failureSchema },
    },
  }
}

function operation(name: string, row: CommandRow): Json {
  const { rest } = row
  const input = schemaOf(row.input, 'input')
  const inPath = [...(rest?.path.matchAll(/:(\w+)/g) ?? [])].map((match) => String(match[1]))
  const properties = (input.properties ?? {}) as Record<string, Json>
  const required = (input.required ?? []) as string[]
  const isQuery = rest?.method === 'GET'
  const parameter = (key: string, where: string): Json => ({
    name: key,
    in: where,
    required: where === 'path' || required.includes(key),
    schema: properties[key] ?? { type: 'string' },
  })
  const others = Object.keys(properties).filter((key) => !inPath.includes(key))
  const body = {
    ...input,
    properties: Object.fromEntries(others.map((key) => [key, properties[key]])),
    required: required.filter((key) => !inPath.includes(key)),
  }
  return {
    operationId: name,
    summary: row.summary,
    tags: [rest?.path.split('/')[2] ?? 'other'],
    ...(row.rule === 'anyone' ? {} : { security: [{ bearer: [] }] }),
    parameters: [
      ...inPath.map((key) => parameter(key, 'path')),
      ...(isQuery ? others.map((key) => parameter(key, 'query')) : []),
    ],
    ...(isQuery || others.length === 0
      ? {}
      : { requestBody: { content: { 'application/json': { schema: body } } } }),
    responses: {
      [String(rest?.status ?? 200)]: { description: 'Success', ...content(successOf(row)) },
      default: { description: 'Failure', ...content({ $ref: '#/components/schemas/Failure' }) },
    },
  }
}

const content = (schema: Json): Json => ({ content: { 'application/json': { schema } } })

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  // Transforms have no schema of their own; what goes in is what a caller has to know.
  return z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as Json
}

function successOf(row: CommandRow): Json {
  const output = schemaOf(row.output, 'output')
  return { ...output, properties: { success: { const: true }, ...(output.properties as Json) } }
}
