import type { RequestHandler } from 'express'

import { UNPRINTABLE } from '../domain/destination'

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

/**
 * As classes of a pattern: what `cleanText` refuses not, and what is between words. Other programs' patterns do not know the
 * classes that it is made of.
 */
function findClasses() {
  return {
    seen: `[^\\s${rangesOf(UNPRINTABLE)}]`,
    blank: `[${rangesOf(new RegExp(`(?!${UNPRINTABLE.source})\\s`, 'u'))}]`,
  }
}
let classes: ReturnType<typeof findClasses> | null = null

/**
 * A line of text, as `cleanText` takes it: blanks around it are taken off, and those within count as one.
 *
 * @param more What else is said of it.
 */
export const line = (lengthMax: number, more: Schema = {}): Schema => ({
  type: 'string',
  minLength: 1,
  maxLength: lengthMax * 4,
  /** Found when it is read, by whoever asks for the description: to look at 65,536 characters was a tenth of each start. */
  get pattern() {
    classes ??= findClasses()
    return `^\\s*(?:${classes.seen}|${classes.blank}+(?=${classes.seen})){1,${lengthMax}}\\s*$`
  },
  ...more,
})

/** Of the characters that a pattern of any language can name; halves of others are none. */
function rangesOf(meant: RegExp): string {
  // Runs are looked for in one go: asking for each of 65,536 takes as long as all the rest here.
  const runs = new RegExp(`(?:${meant.source})+`, 'gu')
  const ranges = [charactersOf(0, 0xd7ff), charactersOf(0xe000, 0xffff)].flatMap((characters) =>
    [...characters.matchAll(runs)].map(
      ([run]) => [run.charCodeAt(0), run.charCodeAt(run.length - 1)] as const,
    ),
  )
  // What is beyond stands for itself: each language escapes it in another way.
  const escaped = (code: number) =>
    code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : String.fromCharCode(code)
  return ranges
    .map(([from, to]) => (from === to ? escaped(from) : `${escaped(from)}-${escaped(to)}`))
    .join('')
}

/** A few hundred at a time: each would be a call, and all of them more arguments than a call may have. */
function charactersOf(from: number, to: number): string {
  const pieces: string[] = []
  for (let start = from; start <= to; start += 256)
    pieces.push(String.fromCharCode(...Array.from({ length: 256 }, (_, at) => start + at)))
  return pieces.join('')
}
