import { DECLINE_CODES, type DeclineCode, isDeclineCode } from '../../domain/reasons'
import type { DeferReason } from '../../ports/payment-provider'
import type { Lookup } from './lookup-rules'
import type { Node } from './node'
import { POINTER } from './pointer'

/** How an answer is read: where things are in it, and what its words mean for the money. */
export interface Answers {
  readonly at: Pointers
  readonly amountIn: 'decimal' | 'minor'
  readonly statuses: ReadonlyMap<string, Meaning>
  readonly otherStatuses: 'accepted' | 'unknown'
  readonly reasons: ReadonlyMap<string, DeclineCode>
  /** The API's reasons that are about our own account. */
  readonly ownReasons: ReadonlyMap<string, OwnFault>
  readonly errors: readonly ErrorRule[]
  readonly notFound: NotFoundRule | null
}

export interface Pointers {
  readonly reference: string
  readonly status: string
  readonly key: string | null
  readonly transactionId: string | null
  readonly amount: string | null
  readonly currency: string | null
  /** All that has come back so far. */
  readonly returnedAmount: string | null
  readonly reason: string | null
}

/** What our own account lacks: no fault of a payee's. */
export type OwnFault = (typeof OWN_FAULTS)[number]

export type Meaning = 'accepted' | 'settled' | 'declined' | 'returned'

export type ErrorRule = Match &
  (
    | { readonly outcome: 'declined'; readonly code: DeclineCode }
    | { readonly outcome: 'deferred'; readonly why: DeferReason }
  )

export interface Match {
  readonly status: number
  readonly pointer: string | null
  readonly equals: string | null
}

/** Which answer promises that there is no such payout. */
export interface NotFoundRule {
  readonly match: Match | null
  readonly emptyList: boolean
}

const WORD = { pattern: /^[\s\S]{1,120}$/, shape: 'a text' }
const MEANINGS = ['accepted', 'settled', 'declined', 'returned'] as const
const OWN_FAULTS = ['insufficient_float', 'provider_unavailable'] as const
const DEFER_REASONS = ['insufficient_float', 'rate_limited', 'provider_unavailable', 'cut_off'] as const

/** The request may have been taken all the same, or an earlier one was: never a proof of anything. */
const PROVES_NOTHING = [408, 409, 423, 425]
const provesNothing = (status: number): boolean =>
  status < 400 || status >= 500 || PROVES_NOTHING.includes(status)
/** Turned away at the door: the payee has nothing to do with it. */
const NEVER_DECLINES = [401, 402, 403, 404, 405, 407, 413, 415, 429]

/** Words of an API about the account that pays. */
const ABOUT_OUR_ACCOUNT = /insufficient|funds|balance|overdra/i

export function readAnswers(
  node: Node,
  { lookup, returnsMoney }: { lookup: Lookup | null; returnsMoney: boolean },
): Answers {
  const below = node.child('answer')
  const answers: Answers = {
    at: {
      reference: below.text('reference', POINTER),
      status: below.text('status', POINTER),
      key: below.optionalText('key', POINTER),
      transactionId: below.optionalText('transactionId', POINTER),
      amount: below.optionalText('amount', POINTER),
      currency: below.optionalText('currency', POINTER),
      returnedAmount: below.optionalText('returnedAmount', POINTER),
      reason: below.optionalText('reason', POINTER),
    },
    amountIn: below.choice('amountIn', ['decimal', 'minor'], 'decimal'),
    statuses: readStatuses(node),
    otherStatuses: readOtherStatuses(node),
    ...readReasons(node),
    errors: node.children('errors').map(readErrorRule),
    notFound: readNotFound(node.optionalChild('notFound')),
  }
  below.end()
  checkReachable(node, answers, { lookup, returnsMoney })
  return answers
}

function readStatuses(node: Node): Map<string, Meaning> {
  const statuses = new Map<string, Meaning>()
  for (const [word, value] of node.entries('statuses')) {
    const meaning = MEANINGS.find((known) => known === value)
    if (meaning) statuses.set(word, meaning)
    else node.problem(`statuses.${word.slice(0, 60)} must be one of ${MEANINGS.join(', ')}`)
  }
  return statuses
}

function readOtherStatuses(node: Node): Answers['otherStatuses'] {
  const given = node.raw('otherStatuses')
  if (given === undefined || given === 'unknown' || given === 'accepted') return given ?? 'unknown'
  node.problem(
    'otherStatuses must be accepted or unknown: a word nobody listed must never give a balance back, nor settle it',
  )
  return 'unknown'
}

function readReasons(node: Node): Pick<Answers, 'reasons' | 'ownReasons'> {
  const reasons = new Map<string, DeclineCode>()
  const ownReasons = new Map<string, OwnFault>()
  for (const [word, value] of node.entries('reasons')) {
    const own = OWN_FAULTS.find((known) => known === value)
    if (own) ownReasons.set(word, own)
    else if (typeof value === 'string' && isDeclineCode(value)) reasons.set(word, value)
    else
      node.problem(
        `reasons.${word.slice(0, 60)} must be one of ${[...DECLINE_CODES, ...OWN_FAULTS].join(', ')}`,
      )
  }
  return { reasons, ownReasons }
}

function readMatch(node: Node): Match {
  const match: Match = {
    status: node.integer('status', { min: 100, max: 599 }),
    pointer: node.optionalText('pointer', POINTER),
    equals: node.optionalText('equals', WORD),
  }
  if ((match.pointer === null) !== (match.equals === null))
    node.problem('"pointer" and "equals" belong together')
  return match
}

function readErrorRule(node: Node): ErrorRule {
  const match = readMatch(node)
  const outcome = node.choice('outcome', ['declined', 'deferred'])
  if (provesNothing(match.status))
    node.problem(`HTTP ${match.status} proves nothing: it must not be called ${outcome}`)
  const rule: ErrorRule =
    outcome === 'declined'
      ? { ...match, outcome, code: node.choice('code', DECLINE_CODES, 'provider_declined') }
      : { ...match, outcome, why: node.choice('why', DEFER_REASONS) }
  if (outcome === 'declined') {
    if (NEVER_DECLINES.includes(match.status))
      node.problem(`HTTP ${match.status} says nothing about the payout: it must not be called declined`)
    if (match.equals !== null && ABOUT_OUR_ACCOUNT.test(match.equals))
      node.problem('a word about our own account must be deferred: the payee has nothing to do with it')
    // A proxy answers 400 and 422 as well; only a word of the API itself proves that it decided.
    if (match.pointer === null) node.problem('a decline needs "pointer" and "equals": the API’s own word')
  }
  node.end()
  return rule
}

function readNotFound(node: Node | null): NotFoundRule | null {
  if (!node) return null
  const hasMatch = node.raw('status') !== undefined
  const rule: NotFoundRule = {
    match: hasMatch ? readMatch(node) : null,
    emptyList: node.flag('emptyList', false),
  }
  if (rule.match && rule.match.status !== 404 && rule.match.status !== 410 && rule.match.status !== 200)
    node.problem(`HTTP ${rule.match.status} does not say that there is no such payout`)
  // A wrong address answers 404 too, and then everything would be sent again.
  if (rule.match?.pointer === null)
    node.problem('"pointer" and "equals" are needed: a bare status may come from anybody on the way')
  if (!rule.match && !rule.emptyList) node.problem('must say which answer means that there is no such payout')
  node.end()
  return rule
}

/** Every outcome must be possible, or a payout would wait for ever for a word that means nothing. */
function checkReachable(
  node: Node,
  { statuses, otherStatuses, notFound, at }: Answers,
  { lookup, returnsMoney }: { lookup: Lookup | null; returnsMoney: boolean },
): void {
  const meanings = new Set<Meaning | 'unknown'>([...statuses.values(), otherStatuses])
  if (at.returnedAmount !== null) meanings.add('returned')
  const needed: Meaning[] = [
    'accepted',
    'settled',
    'declined',
    ...(returnsMoney ? ['returned' as const] : []),
  ]
  for (const meaning of needed) if (!meanings.has(meaning)) node.problem(`statuses: no word means ${meaning}`)
  if (lookup?.by === 'key' && !notFound)
    node.problem('notFound is needed with a lookup by key: which answer means that there is no such payout')
  if (notFound?.emptyList && lookup?.items == null) node.problem('notFound.emptyList needs lookup.items')
  if (lookup?.items != null && at.key === null)
    node.problem('answer.key is needed with lookup.items: which payout of the list is ours')
}
