import type { Node } from './node'
import { POINTER } from './pointer'
import { placeholdersIn } from './template'

export const PATH = { pattern: /^\/[^?#\s]{0,300}$/, shape: 'a path that begins with / and has no query' }
export interface Lookup {
  readonly by: 'key' | 'reference'
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Where the list of payouts is in the answer; null where the answer is the payout. */
  readonly items: string | null
}

export function readLookup(node: Node | null): Lookup | null {
  if (!node) return null
  const by = node.choice('by', ['key', 'reference'])
  const query: Record<string, string> = {}
  for (const [name, value] of node.entries('query')) {
    if (typeof value !== 'string') node.problem('query must hold texts')
    else query[name] = value
  }
  const lookup: Lookup = {
    by,
    path: node.text('path', PATH),
    query,
    items: node.optionalText('items', POINTER),
  }
  reportUnknownPlaceholders(node, 'path', lookup.path, ['key', 'end_to_end_id', 'reference'])
  reportUnknownPlaceholders(node, 'query', lookup.query, ['key', 'end_to_end_id', 'reference'])
  const used = placeholdersIn([lookup.path, lookup.query])
  // Asked for nothing in particular, the other side would show somebody else's payout.
  if (by === 'reference' ? !used.includes('reference') : !used.some((name) => name !== 'reference'))
    node.problem(by === 'reference' ? 'must ask for {reference}' : 'must ask for {key} or {end_to_end_id}')
  if (by === 'key' && used.includes('reference'))
    node.problem('{reference} is only known when "by" is "reference"')
  node.end()
  return lookup
}

export function reportUnknownPlaceholders(
  node: Node,
  name: string,
  template: unknown,
  known: readonly string[],
): void {
  for (const used of placeholdersIn(template))
    if (!known.includes(used)) node.problem(`${name}: {${used}} is not known here`)
}
