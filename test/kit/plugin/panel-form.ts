/**
 * The form with which an operator panel (kit 2.17) lets a person set a plugin up, in our own words. It is made from the
 * `meta` and `public_meta` that the kit stores, and one field that it will not take keeps all of them from being saved.
 *
 * - An entry that is an object with a `type` is a field of that type; any other entry is a line of text, masked where
 *   its name contains "secret", and in `meta` it must not be empty.
 * - `required` asks for a value that counts as true. The types `number` and `boolean` put a rule of their own in its
 *   place, whether the entry is required or not: a number must be there (0 is), a boolean must be true or false.
 * - The name of a field is a path: a dot or a bracket in it reads and writes somewhere else.
 * - What a person types into a line of text is sent as text; an emptied one as `''`.
 * - "Save" works when something was changed and no field complains. Complaints are only shown beside fields that a person
 *   has been in, so that a field which complains from the start is a dead button without a word.
 */
export interface PanelField {
  readonly section: 'meta' | 'public_meta'
  readonly key: string
  readonly type: string
  /** What stands beside it; null where this kind of field shows no explanation. */
  readonly explanation: string | null
  readonly initial: unknown
  /** @returns What the form has against a value; null when it takes it. */
  complaint(value: unknown): string | null
}

/** What each kind of field shows and sends back, or why it cannot be used for a plugin's setting. */
const KINDS: Readonly<Record<string, { explains: boolean; unusable?: string }>> = {
  string: { explains: true },
  text: { explains: true },
  password: { explains: true },
  number: { explains: true },
  boolean: { explains: true },
  'date-time': { explains: true },
  select: { explains: false, unusable: 'has no choices: the form does not hand them on' },
  checkbox: { explains: false, unusable: 'never shows what is stored' },
  range: { explains: false, unusable: 'breaks on an empty value' },
  textarea: { explains: false },
  file: { explains: false, unusable: 'is for uploads' },
  editor: { explains: false, unusable: 'makes HTML of what is typed' },
}

export const whyUnusable = (type: string): string | null =>
  KINDS[type] ? (KINDS[type].unusable ?? null) : 'is no type that the form knows'

type Stored = Readonly<Record<string, unknown>>

export function panelFields(stored: { meta: Stored; public_meta: Stored }): PanelField[] {
  return (['public_meta', 'meta'] as const).flatMap((section) =>
    Object.entries(stored[section]).map(([key, entry]) => fieldOf(section, key, entry)),
  )
}

function fieldOf(section: PanelField['section'], key: string, entry: unknown): PanelField {
  if (typeof entry !== 'object' || entry === null) {
    const type = key.toLowerCase().includes('secret') ? 'password' : 'text'
    const complaint = section === 'meta' ? mustCount : () => null
    return { section, key, type, explanation: null, initial: entry, complaint }
  }
  const { type, required, description, value } = entry as Record<string, unknown>
  const kind = String(type)
  return {
    section,
    key,
    type: kind,
    explanation: KINDS[kind]?.explains && typeof description === 'string' ? description : null,
    initial: isPlainName(key) ? value : undefined,
    complaint:
      kind === 'number' ? mustBeNumber : kind === 'boolean' ? mustBeFlag : required ? mustCount : () => null,
  }
}

const mustCount = (value: unknown): string | null => (value ? null : 'Required')
const mustBeNumber = (value: unknown): string | null => (value || value === 0 ? null : 'Required')
const mustBeFlag = (value: unknown): string | null => (value || value === false ? null : 'Required')

/** One step of a path: anything else is stored under another name than it was read from. */
export const isPlainName = (key: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(key)

/** Fields that keep "Save" from working after `changes` were typed in. */
export const complaining = (
  fields: readonly PanelField[],
  changes: Readonly<Record<string, unknown>>,
): string[] =>
  fields
    .filter(
      ({ key, initial, complaint }) =>
        complaint(Object.hasOwn(changes, key) ? changes[key] : initial) !== null,
    )
    .map(({ key }) => key)

/** What the form sends to the kit, which stores it as the entries' new values. */
export function saved(
  fields: readonly PanelField[],
  changes: Readonly<Record<string, unknown>>,
): { meta: Record<string, unknown>; public_meta: Record<string, unknown> } {
  const columns: Record<PanelField['section'], Record<string, unknown>> = { meta: {}, public_meta: {} }
  for (const { section, key, type, initial } of fields)
    columns[section][key] = { type, value: Object.hasOwn(changes, key) ? changes[key] : initial }
  return columns
}
