/** NUL, which PostgreSQL cannot hold, and halves of characters, which no encoding can. */
const UNSTORABLE = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

export const isStorable = (text: string): boolean => !UNSTORABLE.test(text)

/** The same text without what cannot be stored. */
export const storableText = (text: string): string =>
  text.replace(new RegExp(UNSTORABLE.source, 'g'), '\uFFFD')

const DEPTH_MAX = 20

/**
 * @param value A text, or what JSON or a query string has become.
 * @returns What a person can be told about it; null where it is fine.
 */
export function storableProblem(value: unknown, depth = 0): string | null {
  if (typeof value === 'string')
    return isStorable(value) ? null : 'The request holds a character that is none (NUL, or half of one).'
  if (typeof value !== 'object' || value === null) return null
  if (depth >= DEPTH_MAX) return 'The request is nested too deep.'
  for (const [name, member] of Object.entries(value)) {
    const problem = storableProblem(name) ?? storableProblem(member, depth + 1)
    if (problem !== null) return problem
  }
  return null
}
