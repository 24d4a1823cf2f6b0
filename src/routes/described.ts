import type { RequestHandler } from 'express'

/** A JSON Schema, of the draft that OpenAPI 3.1 speaks. */
export type Schema = Readonly<Record<string, unknown>>

/** What a validator asks of a request, in the words of a schema. */
export type Part =
  | {
      readonly in: 'query' | 'header'
      readonly name: string
      readonly schema: Schema
      readonly isRequired?: boolean
    }
  /** One member of the body. */
  | { readonly in: 'body'; readonly name: string; readonly schema: Schema; readonly isRequired: boolean }
  /** The body has no other members than these. */
  | { readonly in: 'body'; readonly names: readonly string[] }
  /** The whole body. */
  | { readonly in: 'body'; readonly whole: Schema }

const PARTS = new WeakMap<RequestHandler, readonly Part[]>()

/** Says beside a validator what it lets pass: the API's description is made of it, so that the two are one thing. */
export function described<Validator extends RequestHandler>(
  validator: Validator,
  ...parts: readonly Part[]
): Validator {
  PARTS.set(validator, parts)
  return validator
}

/** What these let pass, of those among them that say it. */
export const partsOf = (handlers: readonly RequestHandler[]): readonly Part[] =>
  handlers.flatMap((handler) => PARTS.get(handler) ?? [])

/** A line of text, as `cleanText` takes it. Characters that cannot be seen are refused besides. */
export const line = (lengthMax: number): Schema => ({
  type: 'string',
  minLength: 1,
  maxLength: lengthMax,
  pattern: '^(?=.*\\S)[^\\x00-\\x1f\\x7f-\\x9f]*$',
})
