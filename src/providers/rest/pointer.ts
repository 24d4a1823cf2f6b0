/** JSON pointers (RFC 6901). */
export const POINTER = { pattern: /^(?:\/(?:[^~/]|~[01])*){1,20}$/, shape: 'a JSON pointer such as /data/id' }

const partsOf = (pointer: string): string[] =>
  pointer
    .slice(1)
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))

/** @returns undefined where there is nothing. Only a value's own members count, never what its prototype has. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document
  for (const part of partsOf(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string, unknown>)[part]
  }
  return value
}

/** A word or number at a pointer, as text; null where there is none that can be told from its neighbours. */
export function textAt(document: unknown, pointer: string | null): string | null {
  const value = pointer === null ? undefined : valueAt(document, pointer)
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'number' && isExact(value) ? String(value) : null
}

/** Past 2^53 reading rounds a whole number: as an id it would be that of another payout. */
export const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))

/** A copy with a member set, whose parents are made where they are missing. */
export function withValueAt(document: unknown, pointer: string, value: unknown): unknown {
  const set = (target: unknown, [part, ...rest]: readonly string[]): unknown => {
    if (part === undefined) return value
    const members = typeof target === 'object' && target !== null ? target : {}
    const below = Object.hasOwn(members, part) ? (members as Record<string, unknown>)[part] : undefined
    return { ...members, [part]: set(below, rest) }
  }
  return set(document, partsOf(pointer))
}
