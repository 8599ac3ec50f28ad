import { z } from 'zod'
import { code } from './markdown.ts'

/** The parts of JSON Schema that the contract and the settings use. */
type Schema = {
  type?: string
  const?: unknown
  enum?: unknown[]
  format?: string
  description?: string
  default?: unknown
  minLength?: number
  maxLength?: number
  pattern?: string
  minimum?: number
  maximum?: number
  minItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  oneOf?: Schema[]
  anyOf?: Schema[]
}

/** `input`: what may be left out because it has a default is optional; `output`: it is there. */
export function schemaOf(type: z.ZodType, io: 'input' | 'output'): Schema {
  return z.toJSONSchema(type, { io }) as Schema
}

/** The fields of an object, one line each, nested objects indented; of a union its branches. */
export function fieldLines(schema: Schema): string[] {
  if (schema.oneOf) return schema.oneOf.flatMap(branchLines)
  const fields = Object.entries(schema.properties ?? {})
  return fields.length === 0 ? ['- nothing'] : fields.flatMap(([name, field]) => lines(name, field, schema))
}

function branchLines(branch: Schema): string[] {
  const { outcome, ...rest } = branch.properties ?? {}
  const below = Object.entries(rest).flatMap(([name, field]) => lines(name, field, branch))
  return [`- ${code(`outcome: ${outcome?.const}`)}`, ...below.map((line) => `  ${line}`)]
}

function lines(name: string, field: Schema, { required = [] }: Schema): string[] {
  const optional = required.includes(name) ? '' : ' (optional)'
  const says = field.description === undefined ? '' : `; ${field.description}`
  const nested = field.type === 'array' ? field.items : field
  const below = nested?.properties ? fieldLines(nested).map((line) => `  ${line}`) : []
  return [`- ${code(name)}${optional}: ${inWords(field)}${says}`, ...below]
}

/** In words what a value may be. */
export function inWords(schema: Schema): string {
  const { type, default: standard } = schema
  const without = standard === undefined ? '' : `; ${JSON.stringify(standard)} unless given`
  if (schema.const !== undefined) return code(JSON.stringify(schema.const)) + without
  if (schema.enum) return schema.enum.map(String).map(code).join(' or ') + without
  if (schema.anyOf) return schema.anyOf.map(inWords).join(' or ')
  if (type === 'array') return `list of ${schema.items?.properties ? 'objects' : inWords(schema.items ?? {})}${without}`
  if (type === 'boolean') return `true or false${without}`
  if (type === 'integer') return `whole number${range(schema.minimum, schema.maximum)}${without}`
  if (type === 'object') return 'object'
  if (schema.format === 'date-time') return 'time'
  const like = schema.pattern === undefined ? '' : `, like ${code(schema.pattern)}`
  return `text${range(schema.minLength, schema.maxLength, ' characters')}${like}${without}`
}

function range(least = 0, most = Number.MAX_SAFE_INTEGER, unit = ''): string {
  if (most >= Number.MAX_SAFE_INTEGER) return least > 0 ? `, at least ${least}${unit}` : ''
  return least > 0 ? `, ${least} to ${most}${unit}` : `, at most ${most}${unit}`
}
