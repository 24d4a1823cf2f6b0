/**
 * The one table of states. Everything else is derived from it: which changes are legal, what a client is
 * told, which states a worker acts in, the database's check constraint (a test compares them) and docs/states.md.
 */

export type PublicStatus = 'pending' | 'processed' | 'canceled'

interface StateRow {
  /** What is true of the money while a withdrawal is here. */
  readonly meaning: string
  readonly status: PublicStatus
  /** The finer word a person reads. */
  readonly stage: string
  /**
   * What became of the payout. `sent`: a provider may have it. `paid`, `came_back`: it left, and stayed or returned.
   * `unpaid`: proven or decided not to leave. `disputed`: a person finds out.
   */
  readonly payout: 'unsent' | 'sent' | 'paid' | 'came_back' | 'unpaid' | 'disputed'
  /** `worker`: a step acts here. `person`: waits for a decision. `end`: nothing is left to do. */
  readonly actedOnBy: 'worker' | 'person' | 'end'
  readonly leavesTo: readonly string[]
  /** Where only a person may send it, with evidence. */
  readonly personLeavesTo?: readonly string[]
}

const TABLE = {
  requested: {
    meaning: 'The row is durable; the pending burn is not yet confirmed.',
    status: 'pending',
    stage: 'queued',
    payout: 'unsent',
    actedOnBy: 'worker',
    leavesTo: ['in_review', 'ready', 'canceled', 'releasing'],
  },
  in_review: {
    meaning: 'Funds are held; waits for a person, a cooling-off time or float.',
    status: 'pending',
    stage: 'under_review',
    payout: 'unsent',
    actedOnBy: 'person',
    leavesTo: ['ready', 'releasing'],
    // It may have been sent before it came here, and never answered.
    personLeavesTo: ['settling', 'in_doubt'],
  },
  ready: {
    meaning: 'Funds are held; may be paid now or by the next batch.',
    status: 'pending',
    stage: 'queued',
    payout: 'unsent',
    actedOnBy: 'worker',
    // In doubt: a provider has it already, though nothing here says that it was sent.
    leavesTo: ['submitting', 'in_review', 'releasing', 'in_doubt'],
  },
  submitting: {
    meaning: 'Attempt, key and batch are recorded; the provider may be hearing it.',
    status: 'pending',
    stage: 'sending',
    payout: 'sent',
    actedOnBy: 'worker',
    leavesTo: ['submitted', 'settling', 'releasing', 'ready', 'in_doubt'],
  },
  submitted: {
    meaning: 'The provider has it; not final.',
    status: 'pending',
    stage: 'with_bank',
    payout: 'sent',
    actedOnBy: 'worker',
    leavesTo: ['settling', 'releasing', 'in_doubt'],
    // Under another key, once this one is proven not to be paid.
    personLeavesTo: ['ready'],
  },
  in_doubt: {
    meaning: 'We do not know whether the provider has it; it is looked up, never guessed.',
    status: 'pending',
    stage: 'confirming',
    payout: 'sent',
    actedOnBy: 'worker',
    leavesTo: ['submitted', 'settling', 'releasing', 'ready', 'conflict'],
  },
  settling: {
    meaning: 'Paid; the burn must be settled, retried for ever.',
    status: 'pending',
    stage: 'completing',
    payout: 'paid',
    actedOnBy: 'worker',
    leavesTo: ['processed', 'conflict'],
  },
  releasing: {
    meaning: 'Proven not paid, or canceled before sending; the burn must be rejected.',
    status: 'pending',
    stage: 'canceling',
    payout: 'unpaid',
    actedOnBy: 'worker',
    leavesTo: ['canceled', 'conflict'],
  },
  processed: {
    meaning: 'Paid, burn settled.',
    status: 'processed',
    stage: 'completed',
    payout: 'paid',
    actedOnBy: 'end',
    leavesTo: ['returning'],
  },
  canceled: {
    meaning: 'Not paid, balance given back; `reason_code` says why.',
    status: 'canceled',
    stage: 'canceled',
    payout: 'unpaid',
    actedOnBy: 'end',
    leavesTo: [],
  },
  returning: {
    meaning: 'The bank sent a paid payout back; the user must be credited.',
    status: 'processed',
    stage: 'returning',
    payout: 'came_back',
    actedOnBy: 'worker',
    leavesTo: ['returned', 'conflict'],
  },
  returned: {
    meaning: 'Credited once, by a mint keyed on the withdrawal.',
    status: 'canceled',
    stage: 'returned',
    payout: 'came_back',
    actedOnBy: 'end',
    leavesTo: [],
  },
  conflict: {
    meaning: 'Facts contradict each other; frozen until a person decides, with a reason.',
    status: 'pending',
    stage: 'being_checked',
    payout: 'disputed',
    actedOnBy: 'person',
    // A person may know what no machine can prove, so every state can be named here.
    leavesTo: [
      'requested',
      'in_review',
      'ready',
      'submitting',
      'submitted',
      'in_doubt',
      'settling',
      'releasing',
      'processed',
      'canceled',
      'returning',
      'returned',
    ],
  },
} as const satisfies Record<string, StateRow>

export type State = keyof typeof TABLE

/** The states a withdrawal can begin in, and how it comes to be there. */
export const ENTRIES = {
  requested: 'A user asked for it: the row is stored before anything is locked.',
  ready: 'Adopted: the user made it with the exchange’s own form, which has locked the amount already.',
  in_review:
    'Adopted too, where a person is asked first: the user has one-time codes on, which the exchange’s form does not check, or is blocked, flagged or not verified there.',
  conflict:
    'Taken into the books by an operator from its burn, because its row was lost: in a failover, or with a restore from before it. Where it was to go is not known; it is never paid from here, only looked up, settled or given back.',
} as const satisfies Partial<Record<State, string>>
type StatesActedOnBy<Who> = {
  [S in State]: (typeof TABLE)[S]['actedOnBy'] extends Who ? S : never
}[State]
/** States in which a worker has something to do; each has a step in services/steps. */
export type WorkingState = StatesActedOnBy<'worker'>
export type Stage = (typeof TABLE)[State]['stage']

export const STATES = Object.keys(TABLE) as State[]
export const stateRow = (state: State): StateRow => TABLE[state]
export const publicStatus = (state: State): PublicStatus => TABLE[state].status
export const isWorking = (state: State): state is WorkingState => TABLE[state].actedOnBy === 'worker'
export const isFinal = (state: State): boolean => TABLE[state].actedOnBy === 'end'
/** Its user still waits for an answer. */
export const isOpen = (state: State): boolean => TABLE[state].status === 'pending'
/** Nobody looks at it by the clock: it is over, or it is frozen. A review alone may also end by itself. */
export const isUnscheduled = (state: State): boolean => isFinal(state) || TABLE[state].payout === 'disputed'
export const isUnsent = (state: State): boolean => TABLE[state].payout === 'unsent'
export const isPaid = (state: State): boolean => ['paid', 'came_back'].includes(TABLE[state].payout)
/** A provider has it, or had it: never without a lock. */
export const wasSent = (state: State): boolean => TABLE[state].payout === 'sent' || isPaid(state)
export const isUnpaid = (state: State): boolean => TABLE[state].payout === 'unpaid'
export const hasComeBack = (state: State): boolean => TABLE[state].payout === 'came_back'

/** What a person may do beyond `mayMove`. */
export const mayBeMovedByPerson = (from: State, to: State): boolean =>
  (stateRow(from).personLeavesTo ?? []).includes(to)

/** A row may also record a fact without moving, so `from === to` is legal everywhere but in final states. */
export function mayMove(from: State, to: State): boolean {
  if (from === to) return !isFinal(from)
  return (TABLE[from].leavesTo as readonly string[]).includes(to)
}
