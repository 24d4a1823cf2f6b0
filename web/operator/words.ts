import type { Tone } from '../shared/tone'

/** States as a person reads them: short for a badge, and how much they should catch the eye. */
export const STATE_WORDS: Readonly<Record<string, readonly [label: string, tone: Tone]>> = {
  requested: ['Being locked', 'plain'],
  in_review: ['Needs a person', 'warn'],
  ready: ['Ready to pay', 'plain'],
  submitting: ['Being sent', 'info'],
  submitted: ['With the bank', 'info'],
  in_doubt: ['Being looked up', 'warn'],
  settling: ['Paid, being booked', 'info'],
  releasing: ['Being given back', 'info'],
  processed: ['Paid', 'good'],
  canceled: ['Given back', 'plain'],
  returning: ['Came back', 'warn'],
  returned: ['Came back, credited', 'plain'],
  conflict: ['Contradiction', 'bad'],
}

export const stateLabel = (state: string): string => STATE_WORDS[state]?.[0] ?? state
export const stateTone = (state: string): Tone => STATE_WORDS[state]?.[1] ?? 'plain'

export const BATCH_WORDS: Readonly<Record<string, readonly [label: string, tone: Tone]>> = {
  sending: ['Being sent', 'info'],
  sent: ['Sent', 'good'],
  refused: ['Refused', 'bad'],
  in_doubt: ['Being looked up', 'warn'],
}

/** What each entry of the journal says, as a sentence. A test holds that none is missing. */
export const EVENT_WORDS: Readonly<Record<string, string>> = {
  'withdrawal.requested': 'The user asked for it; it was stored before anything was locked.',
  'withdrawal.adopted': 'Taken over: the user made it with the exchange’s own form.',
  'withdrawal.cancel_requested': 'The user canceled it before anything was sent.',
  'withdrawal.noted': 'Something was noted.',
  'hold.confirmed': 'The exchange locked the amount.',
  'hold.requested_again': 'The lock was asked for once more: the first request was not answered.',
  'hold.refused': 'The exchange refused to lock the amount.',
  'hold.refused_in_doubt':
    'The exchange refused to lock the amount; an earlier request may still be on its way.',
  'hold.never_came': 'No lock came, and none can come any more.',
  'hold.unexpected': 'A lock was found that is not the one that was asked for.',
  'hold.changed': 'Somebody else changed the lock.',
  'hold.missing': 'The lock was not found any more.',
  'hold.settled': 'The lock was made final: the user has given the money.',
  'hold.released': 'The lock was lifted: the user has the balance back.',
  'hold.canceled_at_exchange': 'Somebody at the exchange canceled it.',
  'row.refused': 'The stored row is not as it was sealed: nothing is done by it, and a person is asked.',
  'destination.unreadable': 'The account could not be read.',
  'user.questioned': 'The exchange says something about the user: a person is asked.',
  'user.refused': 'The exchange says something about the user: the balance is given back.',
  'payout.started': 'About to be sent to the provider.',
  'payout.accepted': 'The provider has taken it.',
  'payout.progressed': 'The provider tells how far it is.',
  'payout.settled': 'The provider has paid it.',
  'payout.declined': 'The provider declined it, and a look-up confirmed that it is not paid.',
  'payout.refused': 'The provider refused it; a look-up has to confirm that.',
  'payout.refused_alone': 'The provider does not take it, and does not say why.',
  'payout.deferred': 'The provider cannot take it now.',
  'payout.unknown': 'No usable answer came: it may have been sent. It is looked up.',
  'payout.marked_before':
    'Its burn was marked as being sent before it was ever looked at here, as after a restore: it may have been sent.',
  'payout.found_before_sent':
    'The provider has it, though nothing here says that it was sent, as after a restore. It is looked up.',
  'payout.interrupted': 'The sending was cut off: it may have been sent. It is looked up.',
  'payout.proven_unsent': 'Proven: the provider never had it. It leaves again with the same key.',
  'payout.sent_again': 'Sent again with the same key.',
  'payout.key_too_old': 'Its key is too old to be repeated safely.',
  'payout.vanished': 'The provider had it, and does not know it any more.',
  'payout.voided': 'The file it was in was never handed in: it leaves again under a new key.',
  'payout.found_under_retired_key': 'A payout that was given up for another was found after all.',
  'payout.returned': 'The payee’s bank sent the money back.',
  'payout.stop_asked': 'The provider was asked to stop it.',
  'payout.stop_answered': 'The provider answered about stopping it; a look-up follows.',
  'payout.to_send_again': 'To be sent once more, as another payment under a new key.',
  'withdrawal.taken_in': 'A person took it into the books from its burn: its row was lost.',
  'payout.resolved': 'A person said where the money is.',
  'conflict.resolved': 'A person resolved the contradiction.',
  'facts.contradict': 'What others said cannot all be true: a person is asked.',
  'review.approved': 'A person let it go on.',
  'review.cooled_off': 'The time for which a new account waits was over',
  'review.left_to_person': 'It was due without a time to wait for, and was left to a person',
  'review.rejected': 'A person gave it back.',
  'held.by_operator': 'A person holds it.',
  'held.resumed': 'A person let go of it.',
  'return.approved': 'A person allowed the credit of what came back.',
  'credit.requested': 'The exchange was asked to credit the user.',
  'credit.requested_again': 'The credit was asked for once more: the first request did not arrive.',
  'credit.confirmed': 'The user was credited.',
  'credit.refused': 'The exchange refused to credit the user.',
}

export const eventText = (event: string): string => EVENT_WORDS[event] ?? event

export function actorText(actor: string): string {
  const [kind, id] = actor.split(':')
  if (kind === 'operator') return `operator ${id ?? ''}`.trim()
  if (kind === 'worker') return 'the machine'
  return kind === 'user' ? 'the user' : actor
}

/** `bank_reference` and `bankReference` make `Bank reference`. */
export function labelOf(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/_/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A value of a detail in a line of text. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '–' : JSON.stringify(value)
