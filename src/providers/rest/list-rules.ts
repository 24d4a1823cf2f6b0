import { PATH, reportUnknownPlaceholders } from './lookup-rules'
import type { Node } from './node'
import { POINTER } from './pointer'
import { placeholdersIn } from './template'

export const TIME_FORMATS = ['iso', 'seconds', 'milliseconds'] as const

/** How the API lists what it has taken in a time. */
export interface ListRules {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly items: string
  /** Where in a payout it says when it was taken. */
  readonly at: string
  readonly times: (typeof TIME_FORMATS)[number]
  readonly paging: Paging
}

/** `page`: read on until one is empty. `cursor`: until none is told. `none`: one answer holds everything. */
export type Paging =
  | { readonly kind: 'none' }
  | { readonly kind: 'page'; readonly first: number }
  | { readonly kind: 'cursor'; readonly next: string }

const PAGINGS = ['none', 'page', 'cursor'] as const

export function readList(node: Node | null): ListRules | null {
  if (!node) return null
  const query: Record<string, string> = {}
  for (const [name, value] of node.entries('query')) {
    if (typeof value !== 'string') node.problem('query must hold texts')
    else query[name] = value
  }
  const rules: ListRules = {
    path: node.text('path', PATH),
    query,
    items: node.text('items', POINTER),
    at: node.text('at', POINTER),
    times: node.choice('times', TIME_FORMATS, 'iso'),
    paging: readPaging(node.child('paging')),
  }
  reportUnknownPlaceholders(node, 'path', rules.path, [])
  reportUnknownPlaceholders(node, 'query', query, ['since', 'until', 'page', 'cursor'])
  const used = placeholdersIn(query)
  // Asked for no time, the API would show all that it ever had, or the newest of it.
  if (!used.includes('since') || !used.includes('until'))
    node.problem('query must ask for {since} and {until}')
  for (const kind of ['page', 'cursor'] as const)
    if (used.includes(kind) !== (rules.paging.kind === kind))
      node.problem(`query must hold {${kind}} where paging.kind is "${kind}", and only there`)
  node.end()
  return rules
}

function readPaging(node: Node): Paging {
  const kind = node.choice('kind', PAGINGS)
  const paging: Paging =
    kind === 'page'
      ? { kind, first: node.integer('first', { min: 0, max: 1, fallback: 1 }) }
      : kind === 'cursor'
        ? { kind, next: node.text('next', POINTER) }
        : { kind }
  node.end()
  return paging
}
