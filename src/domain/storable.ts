/** NUL, which PostgreSQL cannot hold, and halves of characters, which no encoding can. */
const UNSTORABLE = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

export const isStorable = (text: string): boolean => !UNSTORABLE.test(text)

/** The same text without what cannot be stored. */
export const storableText = (text: string): string =>
  text.replace(new RegExp(UNSTORABLE.source, 'g'), '\uFFFD')

/** NUL and halves of characters, as JSON has them; behind a backslash that is not itself one that was escaped. */
const UNSTORABLE_IN_JSON = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g

/**
 * As JSON that PostgreSQL takes, whatever texts of others are in it: an error that is cut to its length in the middle of a
 * character would keep a row from ever being written. In the place of what is no character stands the sign for that.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value)
  return json.includes('\\u') ? json.replace(UNSTORABLE_IN_JSON, '$1\\ufffd') : json
}

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
