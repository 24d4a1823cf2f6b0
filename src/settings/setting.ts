/** The kinds of values a setting can have. Each reads a JavaScript value or the text of an environment variable. */

/** How a form asks for a value, and what it can check before anybody is asked. */
export type SettingShape =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** `pattern` as JavaScript reads it; `mustBe` in words. */
  | { readonly kind: 'text'; readonly pattern: string; readonly mustBe: string }
  | { readonly kind: 'cron' }

export interface Setting<Value> {
  /** One line for the person who sets it: what it does, in which unit, and the trade-off. */
  readonly doc: string
  readonly fallback: Value
  /** The default as somebody would write it, where its value does not tell. */
  readonly fallbackText?: string
  readonly secret?: true
  /** Operators may set it in the desk: the database need not be read before it, and it is nothing of one process. */
  readonly inDesk?: true
  /** Read where somebody gives it, and shown nowhere: nothing uses it yet. */
  readonly hidden?: true
  /** What a form can know of it; a line of text where it is left out. */
  readonly shape?: SettingShape
  /**
   * What may be given in code or by the environment and by no operator: an address inside this network, that a page could
   * be made to call.
   *
   * @param given A value that `read` takes. @returns What it has to be; null where it may be set in the desk.
   */
  readonly refusedInDesk?: (given: unknown) => string | null
  /**
   * Where it sends what is signed with its provider's secrets: with another place they are given anew, or whoever may set
   * this one would be sent what only the bank may see.
   *
   * @returns The place, as it is told apart from others; null where a value names none.
   */
  readonly leadsTo?: (given: unknown) => string | null
  /**
   * Says whose account at the provider pays. Through another one what was sent is not found, and what is not found is sent
   * again: it stays as it is while anything may be with the provider. So does the place that `leadsTo` tells. A function
   * tells that account where the rest of the value may change; null where a value names none. Where it is set past the
   * desk, `PaymentProvider.payer` has to tell the one account from the other.
   */
  readonly namesPayer?: true | ((given: unknown) => string | null)
  /** @returns The value, or what it has to be. Never repeats what was given: it may be a secret. */
  read(given: unknown): { value: Value } | { mustBe: string }
}

export const integer = (doc: string, fallback: number, min: number, max: number): Setting<number> => ({
  doc,
  fallback,
  shape: { kind: 'integer', min, max },
  read(given) {
    const value = typeof given === 'string' && /^-?\d+$/.test(given.trim()) ? Number(given) : given
    return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? { value }
      : { mustBe: `a whole number from ${min} to ${max}` }
  },
})

export const flag = (doc: string, fallback: boolean): Setting<boolean> => ({
  doc,
  fallback,
  shape: { kind: 'flag' },
  read(given) {
    if (given === true || given === 'true' || given === '1') return { value: true }
    if (given === false || given === 'false' || given === '0') return { value: false }
    return { mustBe: 'true or false' }
  },
})

export const oneOf = <const Choice extends string>(
  doc: string,
  fallback: Choice,
  choices: readonly Choice[],
): Setting<Choice> => ({
  doc: `${doc} One of: ${choices.join(', ')}.`,
  fallback,
  shape: { kind: 'choice', choices },
  read(given) {
    const value = choices.find((choice) => choice === given)
    return value === undefined ? { mustBe: `one of ${choices.join(', ')}` } : { value }
  },
})

export const text = (doc: string, fallback: string, pattern: RegExp, shape: string): Setting<string> => ({
  doc,
  fallback,
  shape: { kind: 'text', pattern: pattern.source, mustBe: shape },
  read: (given) => (typeof given === 'string' && pattern.test(given) ? { value: given } : { mustBe: shape }),
})

/** A list, or a comma-separated text. */
export const listOf = <Item extends string>(
  doc: string,
  items: readonly Item[],
): Setting<readonly Item[]> => ({
  doc: `${doc} Any of: ${items.join(', ')}.`,
  fallback: [],
  shape: { kind: 'list', items },
  read(given) {
    const parts = typeof given === 'string' ? given.split(',').map((part) => part.trim()) : given
    if (!Array.isArray(parts)) return { mustBe: `a list of ${items.join(', ')}` }
    const wanted = parts.filter((part: unknown) => part !== '')
    const known = wanted.filter((part: unknown): part is Item => items.includes(part as Item))
    return known.length === wanted.length ? { value: known } : { mustBe: `a list of ${items.join(', ')}` }
  },
})

/** Values by name: an object, or `name=value` pairs with ";" between them (values may hold commas). */
export const mapOf = <Value>(
  doc: string,
  value: Pick<Setting<Value>, 'read'>,
): Setting<Readonly<Record<string, Value>>> => ({
  doc: `${doc} As name=value, with ";" between.`,
  fallback: {},
  read(given) {
    const mustBe = 'name=value pairs with ";" between'
    if (typeof given !== 'string' && (typeof given !== 'object' || given === null)) return { mustBe }
    const pairs = typeof given === 'string' ? pairsOf(given) : Object.entries(given)
    const read: Record<string, Value> = {}
    for (const [name, raw] of pairs) {
      const result = value.read(raw)
      if (!/^[a-z][a-z0-9-]*$/.test(name) || 'mustBe' in result)
        return { mustBe: 'mustBe' in result ? `${mustBe}, each value ${result.mustBe}` : mustBe }
      if (Object.hasOwn(read, name)) return { mustBe: `${mustBe}, each name once` }
      read[name] = result.value
    }
    return { value: read }
  },
})

const pairsOf = (text: string): [string, unknown][] =>
  text
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, Math.max(0, at)).trim(), pair.slice(at + 1).trim()]
    })

/** Marks settings that operators set in the desk; what is not marked is given in code or by the environment alone. */
export const inDesk = <Table extends Readonly<Record<keyof Table, { readonly doc: string }>>>(
  table: Table,
): { readonly [Name in keyof Table]: Table[Name] & { readonly inDesk: true } } => {
  const marked: Partial<Record<keyof Table, unknown>> = {}
  for (const name of Object.keys(table) as (keyof Table)[]) marked[name] = { ...table[name], inDesk: true }
  return marked as { readonly [Name in keyof Table]: Table[Name] & { readonly inDesk: true } }
}

export type Settings = Readonly<Record<string, Setting<unknown>>>
export type Values<Table extends Settings> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never
}

/**
 * Reads all settings of a table and reports every problem at once.
 *
 * @param nameOf How a problem names a setting: as the person wrote it.
 */
export function readSettings<Table extends Settings>(
  table: Table,
  given: Readonly<Record<string, unknown>>,
  nameOf: (name: string) => string = (name) => name,
): { values: Values<Table>; problems: string[] } {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(table)) {
    const raw = given[name]
    // Empty is "not set": forms and environment files cannot say it otherwise.
    const result = raw === undefined || raw === '' ? { value: setting.fallback } : setting.read(raw)
    if ('value' in result) values[name] = result.value
    else problems.push(`${nameOf(name)} must be ${result.mustBe}`)
  }
  const unknown = Object.keys(given).filter(
    (name) => !Object.hasOwn(table, name) && given[name] !== undefined,
  )
  problems.push(...unknown.map((name) => `${nameOf(name)} is not a setting`))
  return { values: values as Values<Table>, problems }
}
