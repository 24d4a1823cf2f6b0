/**
 * A kit keeps a plugin's settings in two JSON columns: `meta`, for administrators, and `public_meta`, for everybody.
 * Each key is either raw (`"key": value`) or a schema (`"key": {type, required, description, value}`), mixed at
 * will; nothing is checked by the kit, and an upgrade can leave a schema without its value behind.
 */
export function readMeta(column: unknown): Record<string, unknown> {
  if (typeof column !== 'object' || column === null || Array.isArray(column)) return {}
  return Object.fromEntries(
    Object.entries(column).map(([key, entry]: [string, unknown]) => [key, plain(valueOf(entry))]),
  )
}

function valueOf(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry
  if ('value' in entry) return entry.value
  // What an upgrade makes of a value it cannot carry over; anything else is an object where none belongs.
  return 'type' in entry || 'required' in entry || 'description' in entry ? undefined : entry
}

/** Forms send texts with blanks around them, and `null` for a field that was emptied. */
function plain(value: unknown): unknown {
  if (value === null) return undefined
  return typeof value === 'string' ? value.trim() : value
}
