import type { Request, RequestHandler, Response } from 'express'

import type { BooksStore } from '../../db/books'
import type { Store } from '../../db/store'
import type { Unnamed } from '../../services/operate/unnamed'
import { handle } from '../http'
import { REASON_LENGTH_MAX } from './input'

export interface UnnamedDeps {
  readonly unnamed: Unnamed
  readonly store: Pick<Store, 'listQuarantine' | 'findApproval'>
  readonly books: Pick<BooksStore, 'openDifference'>
}

/** Says that something of what was sent is stored as a mark. */
export const MASKED_HEADER = 'Reason-Masked'

export function sayMasked(res: Response): void {
  res.setHeader(MASKED_HEADER, 'payee')
  // The desk may come from another address than what it speaks to, and a page reads of those only what it is let.
  res.append('Access-Control-Expose-Headers', MASKED_HEADER)
}

const TEXTS = ['reason', 'evidence'] as const
const NUMBER = /^\d{1,18}$/

/**
 * Before any action reads its words: the payee's own name and account are taken out of what an operator typed about a
 * withdrawal. What is stored for good, told to others and logged must not name whom it paid; the action happens all the same.
 */
export const withoutNames = (deps: UnnamedDeps): RequestHandler => {
  const clean = handleClean(deps)
  return (req, res, next) => {
    if (req.method !== 'POST') return next()
    return handle(async () => {
      const masked = await clean(req)
      if (masked) sayMasked(res)
      next()
    })(req, res, next)
  }
}

const handleClean = (deps: UnnamedDeps) => async (req: Request) => {
  const body: unknown = req.body
  if (typeof body !== 'object' || body === null) return false
  const words = body as Record<string, unknown>
  const texts = TEXTS.filter((name) => typeof words[name] === 'string')
  const about = texts.length === 0 ? [] : await subjectsOf(req.path, words, deps)
  let isMasked = false
  for (const name of texts) {
    const given = String(words[name])
    const cleaned = about.length === 0 ? given : await deps.unnamed(about, given)
    if (cleaned === given.normalize('NFC')) continue
    // The mark may be longer than what it stands for; that is no fault of whoever wrote it.
    words[name] = [...given].length <= REASON_LENGTH_MAX ? shortened(cleaned) : cleaned
    isMasked = true
  }
  return isMasked
}

/** In characters: half of one would be refused. */
const shortened = (text: string): string => [...text].slice(0, REASON_LENGTH_MAX).join('')

/** The withdrawals that a request is about. */
async function subjectsOf(
  path: string,
  body: Readonly<Record<string, unknown>>,
  { store, books }: UnnamedDeps,
): Promise<readonly string[]> {
  const [, room = '', subject = '', rest = ''] = path.split('/').map(decoded)
  // As routes are found: without regard to case. Names of records have one.
  switch (room.toLowerCase()) {
    case 'withdrawals':
      return subject.toLowerCase() === 'bulk' ? idsIn(body.items) : [subject]
    case 'approvals': {
      const found = NUMBER.test(subject) ? await store.findApproval(subject) : null
      return found?.subjectKind === 'withdrawal' ? [found.subject] : []
    }
    case 'differences': {
      if (!/^(resolve|take-in)$/i.test(rest)) return [subject]
      const withdrawalId = NUMBER.test(subject) ? (await books.openDifference(subject))?.withdrawalId : null
      return withdrawalId ? [withdrawalId] : []
    }
    case 'quarantine':
      return (await store.listQuarantine())
        .filter(({ destinationHash }) => destinationHash === subject)
        .map(({ withdrawalId }) => withdrawalId)
    default:
      return []
  }
}

const idsIn = (items: unknown): readonly string[] =>
  Array.isArray(items) ? items.slice(0, 100).map((item: unknown) => idIn(item)) : []

function idIn(item: unknown): string {
  const { id } = (item ?? {}) as { id?: unknown }
  return typeof id === 'string' ? id : ''
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}
