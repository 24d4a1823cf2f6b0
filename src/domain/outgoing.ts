import type { State } from './states'

/** Who is told: the exchange's own systems of every withdrawal, operators of what needs them. */
export const AUDIENCES = ['systems', 'operators'] as const
export type Audience = (typeof AUDIENCES)[number]

/** What systems hear of a withdrawal, and what it means for them. The names are a contract. */
export const WITHDRAWAL_EVENTS = {
  'withdrawal.created': 'It was accepted and is stored; the amount is about to be locked.',
  'withdrawal.locked': 'The amount is locked in the user’s balance; nothing was sent.',
  'withdrawal.waiting': 'It is with us again, proven not to have left, and waits to be sent.',
  'withdrawal.needs_person':
    'A person at the exchange has to decide; nothing moves until then. With `reason_code` `cooling_off` it only waits, and goes on by itself.',
  'withdrawal.sending': 'It is being handed to the bank: from now on it may have left.',
  'withdrawal.sent': 'The bank has it; it is not final.',
  'withdrawal.asking': 'Nobody knows yet whether the bank has it; the bank is asked. Nothing is lost.',
  'withdrawal.paid': 'It was paid, and the amount is gone from the user’s balance.',
  'withdrawal.canceled': 'It was not paid, and the user has the amount again; `reason_code` says why.',
  'withdrawal.returning': 'The bank sent it back after it was paid; the user is about to be credited.',
  'withdrawal.returned': 'What the bank sent back was credited to the user.',
} as const

export type WithdrawalEvent = keyof typeof WITHDRAWAL_EVENTS

/** Between these two something is only being finished: the next event tells how it ended. */
const BY_STATE: Readonly<Record<State, WithdrawalEvent | null>> = {
  requested: null,
  in_review: 'withdrawal.needs_person',
  ready: 'withdrawal.waiting',
  submitting: 'withdrawal.sending',
  submitted: 'withdrawal.sent',
  in_doubt: 'withdrawal.asking',
  settling: null,
  releasing: null,
  processed: 'withdrawal.paid',
  canceled: 'withdrawal.canceled',
  returning: 'withdrawal.returning',
  returned: 'withdrawal.returned',
  conflict: 'withdrawal.needs_person',
}

/** What a journal entry is to others; null where it says nothing to them. */
export function withdrawalEventOf(from: State | null, to: State): WithdrawalEvent | null {
  if (from === to) return null
  // Taken into the books again: it was told of before its row was lost.
  if (from === null && to === 'conflict') return BY_STATE.conflict
  if (from === null) return 'withdrawal.created'
  return from === 'requested' && to === 'ready' ? 'withdrawal.locked' : BY_STATE[to]
}

/**
 * Of one message, the same at every try. What is counted in the database is counted anew after a restore, and whoever keeps
 * what he has heard by its id would leave alone what happens then: the moment tells the two apart.
 */
export const eventIdOf = (kind: 'wd' | 'notice', subject: string, number: number, at: Date): string =>
  `${kind}_${subject}_${number}_${at.getTime().toString(36)}`

/** What operators hear of a notice. */
export const NOTICE_EVENTS = {
  'notice.opened': 'Something needs a person, or will soon.',
  'notice.grew': 'There is more of it than when it was told last.',
  'notice.cleared': 'Nothing of it is open any more.',
} as const

/** An address to which the exchange's own mail goes, and no message over HTTP. */
export const isMail = (url: string): boolean => url.startsWith('mailto:')

/** To try an address; means nothing. */
export const TEST_EVENT = 'endpoint.test'

/** How long a message is tried, counted from when it was made; it is tried once at least. */
export const GIVE_UP_MS = 3 * 24 * 3_600_000
/** Five seconds at first, twice as long each time, and six hours at most: about twenty tries. */
export const DELIVERY_BACKOFF = { firstMs: 5_000, capMs: 6 * 3_600_000 }
