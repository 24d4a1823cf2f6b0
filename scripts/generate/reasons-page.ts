import { REASON_CODES, type ReasonCode, reasonText } from '../../src/domain/reasons'

/** For operators: when a withdrawal gets a reason, and what they do about it. */
interface Note {
  readonly when: string
  readonly operator: string
}

const NOTHING = 'Nothing: it goes on by itself.'
const ANOTHER_ACCOUNT = 'Nothing. The user takes another account.'
const DECLINED_NOTES = {
  account_closed: { when: 'The provider says that the account is closed.', operator: ANOTHER_ACCOUNT },
  account_not_found: {
    when: 'The provider says that there is no such account.',
    operator: ANOTHER_ACCOUNT,
  },
  account_blocked: {
    when: 'The provider says that nothing can be paid into the account.',
    operator: ANOTHER_ACCOUNT,
  },
  name_mismatch: {
    when: 'The payee’s name is not the one of the account.',
    operator: 'Look whether the name at the exchange is written as the bank writes it.',
  },
  invalid_identifier: {
    when: 'The bank does not take the account’s number, though it looked well-formed.',
    operator: 'Nothing. The user corrects it.',
  },
  currency_not_supported: {
    when: 'The account takes no payments in this currency.',
    operator: 'Nothing. If it happens often: offer another method for the currency.',
  },
  amount_too_small: {
    when: 'The provider takes no payment as small as this.',
    operator: 'Raise the smallest withdrawal of the currency at the exchange.',
  },
  amount_too_large: {
    when: 'The provider takes no payment as large as this.',
    operator: 'Ask the provider for a higher limit, or lower the largest withdrawal at the exchange.',
  },
  receiver_unverified: {
    when: 'The receiver’s account at the provider is not confirmed yet.',
    operator: 'Nothing. The user confirms it with the provider.',
  },
  receiver_refused: { when: 'The receiver did not accept the payment.', operator: 'Nothing.' },
  expired_unclaimed: {
    when: 'The receiver did not claim the payment, or has no account at the provider.',
    operator: 'Nothing. The user looks at the address.',
  },
  duplicate_business: {
    when: 'The provider takes it for a repetition of another payment of yours.',
    operator: 'Ask the provider which one, before the user is told to ask again.',
  },
  compliance: {
    when: 'The provider declines it by law or by its risk rules.',
    operator: 'Ask the provider. Tell the user no more than the text does.',
  },
  provider_declined: {
    when: 'A proven refusal for any other cause; `provider_status` and the journal have its word.',
    operator: 'Look the word up in the provider’s documentation.',
  },
} as const

const ENDED_NOTES = {
  insufficient_balance: {
    when: 'Between the request and the lock the balance was spent otherwise.',
    operator: 'Nothing.',
  },
  hold_refused: {
    when: 'The exchange refused the lock, not for the balance, and the wallet has no burn of it.',
    operator: 'The journal’s `hold.refused` has the exchange’s own words.',
  },
  canceled_by_user: { when: 'The user canceled before anything was sent.', operator: 'Nothing.' },
  canceled_at_exchange: {
    when: 'The burn was canceled or rejected in the exchange before anything was sent.',
    operator: 'Nothing; the exchange knows who.',
  },
  refused_by_exchange: {
    when: 'At the last look the exchange said that the user is blocked, flagged or not verified, and a setting says `refuse`.',
    operator: 'The journal’s `user.refused` has which. Tell the user no more than the text does.',
  },
  canceled_by_operator: {
    when: 'An operator rejected it, or resolved a conflict this way.',
    operator: 'Nothing; the journal has who and why.',
  },
} as const

const WAITING_NOTES = {
  insufficient_float: {
    when: 'The provider says that your account with it is empty.',
    operator: 'Fund it. It is sent again by itself; `retry` does so at once.',
  },
  rate_limited: { when: 'The provider asks for fewer calls.', operator: NOTHING },
  provider_unavailable: {
    when:
      'Nothing was taken: not reachable, no access (401, 403), not configured any more, or left alone for a while after' +
      ' it did not answer.',
    operator:
      'Look at `GET /admin/providers`, the network and the credentials; `providers` must still name it.',
  },
  stopped: {
    when: 'An operator has stopped everything.',
    operator: '`POST /admin/stop/lift`, which another operator confirms.',
  },
  provider_paused: {
    when: 'An operator has paused the provider.',
    operator: '`POST /admin/providers/:name/resume`.',
  },
  batch_refused: {
    when: 'The provider refused the whole batch; it goes again in another one, in halves until the bad one is alone.',
    operator: NOTHING,
  },
  cut_off: { when: 'The provider takes it with the next business day’s payments.', operator: NOTHING },
  confirming: {
    when:
      'It may or may not be with the provider: an answer was lost, late or unreadable, or was a refusal that a look-up' +
      ' has yet to confirm.',
    operator: 'Nothing. After `doubtReviewHours` without proof it becomes `unresolved`.',
  },
  exchange_unavailable: {
    when: 'The exchange’s network does not answer about the lock.',
    operator: 'Look at the exchange; it goes on by itself.',
  },
  code_not_checked: {
    when: 'Adopted from the exchange’s own form, which did not check the user’s one-time code.',
    operator: 'Make sure that it was the user; `approve` or `reject`.',
  },
  under_review: {
    when: 'At the last look the exchange said that the user is blocked, flagged or not verified, and a setting says `review`.',
    operator:
      'The journal’s `user.questioned` has which; `approve` or `reject`. Tell the user no more than the text does.',
  },
  held_by_exchange: {
    when: 'Somebody has put the burn on hold, or to waiting, in the exchange. Nothing is sent or decided over it before they let it go.',
    operator:
      'Find out who, and why. It goes on by itself once both flags are off; `reject` gives the balance back then.',
  },
  destination_unreadable: {
    when: 'The account was sealed with a key that is not in `encryptionKeys`.',
    operator: 'Put the key back, then `approve`; or `reject`.',
  },
  above_ceiling: {
    when: 'The amount is above the ceiling of the policy, up to which nobody is asked.',
    operator: '`approve`, as many operators as the policy says; or `reject`.',
  },
  limit_reached: {
    when: 'It is over a limit of the policy that says `review`, or was adopted over one that refuses.',
    operator: '`approve` or `reject`; the first entry of the journal names the rule.',
  },
  cooling_off: {
    when: 'The user has not withdrawn to this account before, and the policy lets such an account wait.',
    operator:
      'Nothing: it goes on by itself. `hold` it where a person should look first, or `approve` it now.',
  },
  held_by_operator: {
    when: 'An operator holds it.',
    operator: '`resume`, or say where the money is with `resolve`.',
  },
} as const

const AT_THE_PROVIDER = 'find out at the provider what happened'
const CONTRADICTION_NOTES = {
  row_changed: {
    when: 'The stored row is not what was accepted: a column was changed past this program, or its sealed value was damaged.',
    operator:
      'Find out who wrote to the table; the difference names the columns. What you answer is done with what was accepted.',
  },
  hold_changed: {
    when: 'Before it was sent, somebody else had changed or settled the burn, or rejected it while an earlier sending was in doubt.',
    operator:
      'Find out who. `resolve` to `releasing` if the burn is pending, to `canceled` if the balance is back.',
  },
  hold_missing: {
    when:
      'The exchange does not know the burn that it had confirmed. The journal tells whether it was before the payout' +
      ' (nothing was paid) or after it (`payout.settled`).',
    operator:
      'Find out where it went. `resolve` to `canceled` or, once the balance is taken again, `processed`.',
  },
  row_lost: {
    when: 'An operator has taken it into the books from its burn: its row was lost, in a failover or with a restore.',
    operator: '`resolve` to `in_doubt` has it looked up; what nobody has paid is given back.',
  },
  hold_mismatch: {
    when:
      'The burn is of another amount, currency or user. Before the payout it is given back; after it, it waits in' +
      ' `conflict`.',
    operator: 'Compare burn and withdrawal at the exchange; put the balance right, then `resolve`.',
  },
  paid_but_released: {
    when: 'It was paid, and somebody has rejected the burn: the user has both.',
    operator: 'Take the amount from the balance again, then `resolve` to `processed`.',
  },
  released_but_settled: {
    when: 'It was not paid, and somebody has settled the burn: the user has neither.',
    operator: 'Credit the user, then `resolve` to `canceled`.',
  },
  amount_mismatch: {
    when: 'The provider names another amount than was ordered, or more came back than was paid.',
    operator: `Never settle before you know: ${AT_THE_PROVIDER}, then \`resolve\`.`,
  },
  unresolved: {
    when:
      'In doubt for longer than `doubtReviewHours`, or for so long that its key may not be sent again: it goes on being' +
      ' looked up, in `in_doubt`. Or it was sent through another account than the one that is set, and nobody is asked. A' +
      ' difference is open and says which.',
    operator: `${upperFirst(AT_THE_PROVIDER)}. It ends by itself as soon as the provider can say, or can be asked again.`,
  },
  refused_alone: {
    when: 'The provider refused every batch it was in, at last one with nothing but it, and did not say why.',
    operator: 'Ask the provider why; `approve` tries again, `reject` gives the balance back.',
  },
  vanished: {
    when:
      'The provider had it, or its batch, and does not know it any more. It goes on being looked up, in `in_doubt`, and a' +
      ' difference is open.',
    operator: `${upperFirst(AT_THE_PROVIDER)}: it is never sent again by a machine.`,
  },
  credit_refused: {
    when: 'The money came back, and the exchange refuses the credit; the journal has its words.',
    operator: 'Credit the user at the exchange, then `resolve` to `canceled`: the balance is back.',
  },
  credit_mismatch: {
    when: 'The money came back, and the credit found under its id is another one or not final.',
    operator:
      'Compare it with `returned_amount`; put it right at the exchange, then `resolve` to `canceled`.',
  },
  paid_under_retired_key: {
    when: 'It was given up under one key and was about to leave under another, and the provider has it under the first.',
    operator: `Nothing was sent again. ${upperFirst(AT_THE_PROVIDER)}; paid under the old key is paid: \`resolve\` to \`settling\`.`,
  },
  duplicate_reference: {
    when: 'The provider’s reference belongs to another withdrawal, or it now names another one than before.',
    operator: `Two withdrawals cannot be one payment: ${AT_THE_PROVIDER}, then \`resolve\` each.`,
  },
} as const

/** A reason without a note does not compile. */
const NOTES: Readonly<Record<ReasonCode, Note>> = {
  ...DECLINED_NOTES,
  ...ENDED_NOTES,
  ...WAITING_NOTES,
  ...CONTRADICTION_NOTES,
}

const SECTIONS: readonly (readonly [title: string, about: string, codes: object])[] = [
  [
    'A provider’s refusal',
    'Proven: no money moved, or it came back. The balance is given back (`canceled`), or credited where it had been' +
      ' paid before it came back (`returned`).',
    DECLINED_NOTES,
  ],
  ['Ended before it was sent', 'Nothing was paid, and the balance is the user’s.', ENDED_NOTES],
  ['Waiting', 'The amount is locked, or about to be. Nothing is lost by waiting.', WAITING_NOTES],
  [
    'Facts that contradict each other',
    'No machine can tell. Where nothing else is said it waits for a person in `conflict`, or in `in_review` before it was' +
      ' sent; what `resolve` may do is in [api.md](api.md#operators).',
    CONTRADICTION_NOTES,
  ],
]

/** docs/reasons.md */
export function reasonsPage(): string {
  return [
    '<!-- Generated from src/domain/reasons.ts and scripts/generate/reasons-page.ts by "npm run generate". Do not edit. -->',
    '',
    '# Why a withdrawal waits or ended',
    '',
    '`reason_code` is stable, and `reason` is its sentence for the person whose money it is (while the balance is still on its',
    'way back, "was given back" reads "is being given back"). A withdrawal that goes its usual way has none.',
    ...SECTIONS.flatMap(([title, about, codes]) => ['', `## ${title}`, '', about, '', ...table(codes)]),
    '',
  ].join('\n')
}

const table = (codes: object): string[] => [
  '| code | what the user reads | when | what the operator does |',
  '|---|---|---|---|',
  ...REASON_CODES.filter((code) => Object.hasOwn(codes, code)).map((code) => {
    const { when, operator } = NOTES[code]
    return `| \`${code}\` | ${reasonText(code)} | ${when} | ${operator} |`
  }),
]

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
