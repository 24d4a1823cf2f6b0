/** NUL and halves of characters, as JSON has them; behind a backslash that is not itself one that was escaped. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g

/**
 * As JSON that PostgreSQL takes, whatever texts of others are in it: an error that is cut to its length in the middle of a
 * character would keep a row from ever being written. In the place of what is no character stands the sign for that.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value)
  return json.includes('\\u') ? json.replace(UNSTORABLE, '$1\\ufffd') : json
}
