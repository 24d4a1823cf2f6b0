import { ACTION_KEYS, type ActionKey, actionOf, pathOf } from '../../src/domain/actions'

const EVIDENCE = { none: '', note: '`evidence`', transaction: '`transaction_id`' } as const
const PROOFS = {
  not_paid: 'the provider: it must not say that it has it, and no request may be on its way any more',
  proven_unpaid: 'the provider: it must say that it was not paid and will not be; its word alone counts',
  burn_not_pending: 'the exchange: the burn must not be pending any more',
  burn_final: 'the exchange: the burn must be final',
  no_credit_on_its_way: 'the exchange: no mint of ours may be on its way any more',
} as const

/** How an action is called: the last part of its path, and what the body must say. */
export function callOf(key: ActionKey): string {
  const { name, to } = pathOf(key)
  return to === null ? `\`${name}\`` : `\`${name}\`, \`to: ${to}\``
}

/** docs/actions.md: what operators can do with one withdrawal. */
export function actionsPage(): string {
  const rows = ACTION_KEYS.map((key) => {
    const {
      title,
      from,
      when,
      burn,
      payout,
      evidence,
      needsSecond,
      needsSecondFrom = [],
      proofs,
    } = actionOf(key)
    const states = from.length > 10 ? 'any' : from.map((state) => `\`${state}\``).join(', ')
    const needs = [
      EVIDENCE[evidence],
      needsSecond ? 'a second person' : '',
      needsSecondFrom.length > 0
        ? `a second person from ${needsSecondFrom.map((state) => `\`${state}\``).join(', ')}`
        : '',
      ...proofs.map((proof) => PROOFS[proof]),
    ]
      .filter(Boolean)
      .join('; ')
    return `| ${callOf(key)}<br>${title} | ${states}${when && `, when ${when}`} | ${burn} | ${payout} | ${needs || '-'} |`
  })
  return `<!-- Generated from src/domain/actions.ts by "npm run generate". Do not edit. -->

# What operators can do with a withdrawal

\`POST /admin/withdrawals/:id/<action>\` with \`{"reason": "...", "version": 7}\`. \`reason\` is always needed, and is on
record with who gave it; \`version\` is the one that was shown, so that nobody acts on an old picture.
\`GET /admin/withdrawals/:id\` lists what is possible now under \`actions\`, with what it leads to.

From every state that is not an end a person can get out. What a machine can still find out is asked first, and an
answer that it contradicts is refused: the person’s word counts where nobody else can say.

| action | from | the lock | the payout | needs |
|---|---|---|---|---|
${rows.join('\n')}

- An answer about where the money is goes into the journal with its \`evidence\`, its \`transaction_id\` and what the
  look-up said.
- \`hold\` sends one that waits to \`in_review\`, from where \`resume\` lets it go; what is further on is frozen, from where
  \`resolve\` says where it goes on.
- Nobody decides over a withdrawal of their own. What needs a second person is only proposed by the first where
  \`operators\` is \`several\` and the amount is above \`secondPersonAbove\`; it is done when another has
  [confirmed](api.md#get-adminapprovals) it, and void when the withdrawal has changed meanwhile.
- \`retry\` changes nothing by itself: who wanted it, and why, is under \`operator_actions\`.
- What a withdrawal that waits asks of a person is on [its own page](questions.md).
`
}
