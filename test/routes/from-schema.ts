import fc from 'fast-check'

import type { Schema } from '../../src/routes/described'

/** Values that a schema allows, mostly: whoever asks holds them against it. Knows the keywords that our requests use. */
export function fromSchema(schema: Schema, schemas: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  const of = (each: unknown): fc.Arbitrary<unknown> => fromSchema(each as Schema, schemas)
  const { $ref, anyOf, oneOf, type, examples } = schema
  if (typeof $ref === 'string') return of(schemas[String($ref.split('/').at(-1))])
  const choices = anyOf ?? oneOf
  if (Array.isArray(choices)) return fc.oneof(...choices.map(of))
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]))
  if (Array.isArray(type)) return fc.oneof(...type.map((one: unknown) => of({ ...schema, type: one })))
  const plain = ofType(schema, of)
  return Array.isArray(examples) ? fc.oneof(fc.constantFrom(...(examples as unknown[])), plain) : plain
}

function ofType(schema: Schema, of: (each: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'string':
      return fc.oneof(...textsOf(schema))
    case 'integer':
    case 'number':
      return fc.oneof(...numbersOf(schema))
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array': {
      const { minItems: minLength = 0, maxItems = 3 } = schema as Record<string, number>
      const length = { minLength, maxLength: Math.min(maxItems, minLength + 3) }
      return schema.uniqueItems === true
        ? fc.uniqueArray(of(schema.items), length)
        : fc.array(of(schema.items), length)
    }
    case 'object':
      return objectsOf(schema, of)
    default:
      throw new Error(`${JSON.stringify(schema)} is not understood.`)
  }
}

function objectsOf(schema: Schema, of: (each: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const { properties, additionalProperties } = schema
  if (typeof properties === 'object' && properties !== null) {
    const members = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, of(each)]))
    return fc.record(members, { requiredKeys: (schema.required ?? []) as string[] })
  }
  const rest =
    typeof additionalProperties === 'object' ? of(additionalProperties) : fc.jsonValue({ maxDepth: 1 })
  return fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), rest, { maxKeys: 3 })
}

/** Bytes that no request may hold, whatever it is for, are nothing that a schema says. */
const written = (unit: 'grapheme' | 'grapheme-ascii', maxLength: number) => fc.string({ unit, maxLength })

function textsOf({ pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string>[] {
  const [least, most] = [Number(minLength), Number(maxLength)]
  const free = [written('grapheme-ascii', Math.min(most, 40)), written('grapheme', Math.min(most, 40))]
  if (typeof pattern !== 'string')
    return [...free, fc.constant('x'.repeat(Math.max(least, Math.min(most, 600))))]
  // What looks ahead cannot be written from left to right; the rest is, and what looks ahead then sorts out.
  const forward = pattern.replace(/\(\?[=!](?:[^()]|\([^()]*\))*\)/g, '')
  return [...free, fc.stringMatching(new RegExp(forward, 'u'), { maxLength: Math.min(most, 300) })]
}

function numbersOf({ type, minimum, maximum }: Schema): fc.Arbitrary<number>[] {
  const [least, most] = [Number(minimum ?? -1e6), Number(maximum ?? 1e6)]
  const whole = fc.integer({ min: Math.max(Math.ceil(least), -2e9), max: Math.min(Math.floor(most), 2e9) })
  const edges = fc.constantFrom(least, most)
  return type === 'integer' ? [whole, edges] : [whole, edges, whole.map((value) => value / 100)]
}

/** What is odd somewhere: each bound and one beyond it, each kind of value, and what a careless client sends. */
function oddOf(schema: unknown): unknown[] {
  const bounds: unknown[] = []
  const walk = (at: unknown): void => {
    if (typeof at !== 'object' || at === null) return
    for (const [key, value] of Object.entries(at)) {
      if (key === 'maximum') bounds.push(value, Number(value) + 1)
      if (key === 'minimum') bounds.push(value, Number(value) - 1)
      if (key === 'maxLength') for (const more of [0, 1]) bounds.push('x'.repeat(Number(value) + more))
      if (key === 'maxItems') bounds.push(new Array(Number(value) + 1).fill('x'))
      walk(value)
    }
  }
  walk(schema)
  return [...ODD, ...bounds]
}

const ODD: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    1,
    -1,
    1.5,
    1e21,
    2 ** 31,
    2 ** 53,
    '',
    ' ',
    '0',
    '1',
    '-1',
    '1.5',
    '1e3',
    'true',
  ],
  ...[
    'x',
    'x y',
    ' x ',
    'x\n',
    '\tx',
    'x\ty',
    'x  y',
    '\u200bx',
    'ü',
    '😀',
    '２',
    'x'.repeat(5_000),
    '2026-02-30',
  ],
  ...['2026-01-31', '0000-01-01', '2026-01-31T25:00', [], ['x'], [['x']], {}, { x: 1 }, { length: 1 }],
]
const STRANGE_KEYS = ['strange', 'constructor', 'toString', '']

/** The same with one thing changed somewhere: left out, added, or something odd in its place. */
export function changed(values: fc.Arbitrary<unknown>, schema: unknown): fc.Arbitrary<unknown> {
  const odd = fc.constantFrom(...oddOf(schema))
  return fc
    .tuple(values, fc.nat(), fc.constantFrom('odd', 'odd', 'without', 'with', 'twice'), odd, fc.nat())
    .map(([value, place, how, instead, key]) => {
      const places = placesIn(value)
      const at = places[place % places.length] ?? []
      return change(value, at, (found) => {
        if (how === 'twice') return [found, found]
        if (how === 'without') return undefined
        const isObject = typeof found === 'object' && found !== null && !Array.isArray(found)
        const name = STRANGE_KEYS[key % STRANGE_KEYS.length] ?? ''
        return how === 'with' && isObject ? { ...found, [name]: instead } : instead
      })
    })
}

type Place = readonly string[]

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [[]]
  return [[], ...Object.entries(value).flatMap(([name, each]) => placesIn(each).map((at) => [name, ...at]))]
}

/** Without a member where nothing is left of it. */
function change(value: unknown, [name, ...rest]: Place, to: (found: unknown) => unknown): unknown {
  if (name === undefined) return to(value)
  const entries = Object.entries(value as object).flatMap(([key, each]) => {
    const now = key === name ? change(each, rest, to) : (each as unknown)
    return now === undefined ? [] : [[key, now] as const]
  })
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries)
}
