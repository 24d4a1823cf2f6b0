import fs from 'node:fs'
import path from 'node:path'

import Ajv2020 from 'ajv/dist/2020'
import addFormats from 'ajv-formats'

/** Published API descriptions, which are not part of this repository. */
const SPECS_DIR = process.env.SPECS_DIR ?? path.join(__dirname, '../../../shared/specs')

export const specPath = (file: string): string => path.join(SPECS_DIR, file)
export const hasSpec = (file: string): boolean => fs.existsSync(specPath(file))
export const readSpecJson = (file: string): unknown => JSON.parse(fs.readFileSync(specPath(file), 'utf8'))

/** `describe`, or a skipped one whose title says what is missing. */
export const describeWithSpec = (file: string): typeof describe =>
  hasSpec(file)
    ? describe
    : (((title: string, tests: () => void) =>
        describe.skip(`${title} [skipped: ${file} is not there, set SPECS_DIR]`, tests)) as typeof describe)

export interface ApiDescription {
  /** What is wrong with a value, by the name of its schema. */
  problems(schema: string, value: unknown): readonly string[]
  /** What is wrong with the query of a call. */
  queryProblems(method: string, route: string, query: Readonly<Record<string, string>>): readonly string[]
}

interface OpenApi {
  readonly paths: Record<
    string,
    Record<string, { parameters?: { name: string; in: string; schema: object }[] }>
  >
}

/** @returns null when the description is not there. */
export function openApiDescription(file: string): ApiDescription | null {
  if (!hasSpec(file)) return null
  const spec = readSpecJson(file) as OpenApi
  // Patterns of such files are often no valid Unicode patterns, and their keywords go beyond JSON Schema.
  const options = { strict: false, unicodeRegExp: false, allErrors: true } as const
  const ajv = new Ajv2020(options)
  const coercing = new Ajv2020({ ...options, coerceTypes: 'array' })
  for (const each of [ajv, coercing]) {
    addFormats(each)
    // Times in these files carry an offset without a colon, which RFC 3339 does not know.
    each.addFormat('date-time', true)
    each.addSchema(spec, 'spec')
  }
  const texts = (validate: { errors?: { instancePath: string; message?: string }[] | null }) =>
    (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)

  // Compiling takes longer than many a deadline: once per schema.
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>()
  const compile = (by: Ajv2020, $ref: string) => {
    const known = compiled.get($ref)
    const validate = known ?? by.compile({ type: 'object', properties: { value: { $ref } } })
    compiled.set($ref, validate)
    return validate
  }

  return {
    problems(schema, given) {
      const validate = compile(ajv, `spec#/components/schemas/${schema}`)
      const value = { value: given }
      return validate(value) ? [] : texts(validate)
    },
    queryProblems(method, route, query) {
      const parameters = spec.paths[route]?.[method.toLowerCase()]?.parameters
      if (!parameters) return [`${method} ${route} is not described`]
      const pointer = route
        .replace(/~/g, '~0')
        .replace(/\//g, '~1')
        .replace(/\{/g, '%7B')
        .replace(/\}/g, '%7D')
      return Object.entries(query).flatMap(([name, value]) => {
        const position = parameters.findIndex((each) => each.name === name && each.in === 'query')
        if (position === -1) return [`${route} has no parameter ${name}`]
        const $ref = `spec#/paths/${pointer}/${method.toLowerCase()}/parameters/${position}/schema`
        const validate = compile(coercing, $ref)
        return validate({ value }) ? [] : texts(validate).map((text) => `${name}${text}`)
      })
    },
  }
}
