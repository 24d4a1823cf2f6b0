import type { ActionRow } from '../../src/domain/action'
import { ACTION_KEYS, type ActionKey, actionOf, isActionPossible, pathOf } from '../../src/domain/actions'
import { isFinal, mayBeMovedByPerson, mayMove, type State, STATES } from '../../src/domain/states'

/**
 * Goal: from every state a person can get out, and knows beforehand what that does to the money. Method: walk every
 * state, under every combination of the facts that actions depend on, and every action.
 */

const AT = new Date('2026-01-05T09:00:00Z')

const ROW: ActionRow = {
  id: 'withdrawal-0001',
  userId: 1,
  idempotencyKey: null,
  requestHash: 'h',
  currency: 'eur',
  amount: '10',
  fee: '0',
  payoutAmount: '10',
  method: 'BANK',
  destination: 'plain:{}',
  destinationMasked: 'DE89…3000',
  destinationHash: 'h',
  provider: 'sandbox',
  mode: 'immediate',
  payoutKey: 'BW-withdrawal-0001',
  endToEndId: 'WITHDRAWAL0001',
  providerReference: null,
  providerTransactionId: null,
  providerStatus: null,
  settledBurnId: null,
  state: 'requested',
  version: 1,
  reasonCode: null,
  contradiction: null,
  canceledBy: null,
  attempts: 0,
  nextRunAt: null,
  holdDoubtAt: null,
  holdRepeated: false,
  heldAt: null,
  payoutStartedAt: null,
  payer: null,
  payoutDoubtAt: null,
  retiredPayouts: 0,
  payoutRefusal: null,
  payoutRetryAt: null,
  takenAt: null,
  orderTaken: false,
  orderedBefore: false,
  reviewedFindings: null,
  reviewCauses: null,
  coolsUntil: null,
  strayUntil: null,
  creditRefused: false,
  batchId: null,
  orderReference: null,
  batchSizeMax: null,
  watchAt: null,
  watchUntil: null,
  watchLooks: 0,
  returnedAmount: null,
  creditDoubtAt: null,
  returnApprovedAt: null,
  stateSince: AT,
  createdAt: AT,
  updatedAt: AT,
  readAt: AT,
  leased: false,
}

const SENT: readonly State[] = [
  ...(['submitting', 'submitted', 'in_doubt', 'settling', 'processed', 'returning', 'returned'] as const),
]
const HELD: readonly State[] = ['in_review', 'ready', ...SENT]
const CAME_BACK: readonly State[] = ['returning', 'returned']
const RESTS: readonly State[] = ['in_review', 'conflict']

const restsOf = (state: State): Date | null => (isFinal(state) || RESTS.includes(state) ? null : AT)

/** Every row there may be in a state, as far as actions can tell rows apart. */
function rowsIn(state: State): ActionRow[] {
  const variants = <Value>(isFixed: boolean, fixed: Value, other: Value): Value[] =>
    isFixed ? [fixed] : [fixed, other]
  return variants(HELD.includes(state), AT as Date | null, null).flatMap((heldAt) =>
    variants<Date | null>(state === 'requested', null, AT).flatMap((payoutDoubtAt) =>
      variants<string | null>(CAME_BACK.includes(state), '4', null).flatMap((returnedAmount) =>
        variants<string | null>(false, null, 'R-1').flatMap((providerReference) =>
          variants<Date | null>(false, null, AT).flatMap((returnApprovedAt) =>
            variants(state === 'requested', 0, 1).flatMap((retiredPayouts) =>
              // A review may end by itself.
              variants<Date | null>(state !== 'in_review', restsOf(state), AT).map((nextRunAt) => ({
                ...{ ...ROW, state, heldAt, payoutDoubtAt, returnedAmount, providerReference },
                ...{ returnApprovedAt, retiredPayouts, nextRunAt },
                watchAt: isFinal(state) ? AT : null,
              })),
            ),
          ),
        ),
      ),
    ),
  )
}

const possible = (row: ActionRow): ActionKey[] => ACTION_KEYS.filter((key) => isActionPossible(key, row))
const GIVEN = { evidence: 'page 3', transactionId: 'T-1' }

/** Where an action sends a row; null where it does not move it. */
function targetOf(key: ActionKey, row: ActionRow): State | null {
  const { does } = actionOf(key)
  if (does.kind === 'send_again') return 'ready'
  return does.kind === 'move' ? does.move(row, GIVEN).to : null
}

/** What a worker does of itself, once the exchange answers. */
const BY_WORKER: Partial<Record<State, State>> = {
  settling: 'processed',
  releasing: 'canceled',
  returning: 'returned',
}
const onwardFrom = (row: ActionRow): State[] => [
  ...possible(row).flatMap((key) => targetOf(key, row) ?? []),
  ...[BY_WORKER[row.state] ?? []].flat(),
]

/** Every way in which a person can move a row. */
const MOVES = STATES.flatMap(rowsIn).flatMap((row) =>
  possible(row).flatMap((key) => {
    const to = targetOf(key, row)
    return to === null ? [] : [{ row, key, to }]
  }),
)
const GIVES_BACK: readonly State[] = ['releasing', 'canceled']

/** What each action does in each state, under some facts; written down a second time on purpose. */
const EXPECTED: Readonly<Record<State, Readonly<Partial<Record<ActionKey, State | 'looked at' | 'asked'>>>>> =
  {
    requested: { reject: 'releasing', retry: 'looked at' },
    in_review: {
      approve: 'ready',
      resume: 'ready',
      reject: 'releasing',
      hold: 'in_review',
      retry: 'looked at',
      'resolve:settling': 'settling',
      'resolve:releasing': 'releasing',
      'send-again': 'ready',
      'resolve:in_doubt': 'in_doubt',
    },
    ready: { hold: 'in_review', reject: 'releasing', retry: 'looked at' },
    submitting: { 'resolve:in_doubt': 'in_doubt', retry: 'looked at' },
    submitted: {
      stop: 'asked',
      retry: 'looked at',
      'resolve:settling': 'settling',
      'resolve:releasing': 'releasing',
      'send-again': 'ready',
    },
    in_doubt: {
      hold: 'conflict',
      stop: 'asked',
      retry: 'looked at',
      'resolve:settling': 'settling',
      'resolve:releasing': 'releasing',
      'send-again': 'ready',
    },
    settling: { hold: 'conflict', retry: 'looked at', 'resolve:processed': 'processed' },
    releasing: { hold: 'conflict', retry: 'looked at', 'resolve:canceled': 'canceled' },
    processed: { retry: 'looked at' },
    canceled: { retry: 'looked at' },
    returning: {
      hold: 'conflict',
      retry: 'looked at',
      'approve-return': 'returning',
      'resolve:returned': 'returned',
    },
    returned: { retry: 'looked at' },
    conflict: {
      'resolve:settling': 'settling',
      'resolve:releasing': 'releasing',
      'send-again': 'ready',
      'resolve:in_doubt': 'in_doubt',
      'resolve:processed': 'processed',
      'resolve:canceled': 'canceled',
      'resolve:returning': 'returning',
      'resolve:returned': 'returned',
    },
  }

describe('the table of actions', () => {
  const pairs = STATES.flatMap((state) => ACTION_KEYS.map((key) => [state, key] as const))

  it.each(pairs)('for one that is %s, does what is written down of %s', (state, key) => {
    const rows = rowsIn(state).filter((row) => isActionPossible(key, row))
    const kind = actionOf(key).does.kind
    const effects = new Set(
      rows.map((row) => (kind === 'wake' ? 'looked at' : kind === 'stop' ? 'asked' : targetOf(key, row))),
    )
    const expected = EXPECTED[state][key]
    expect([...effects]).toEqual(expected === undefined ? [] : [expected])
  })

  it.each(pairs)('moves from %s by %s only as the table of states allows', (state, key) => {
    for (const row of rowsIn(state).filter((one) => isActionPossible(key, one))) {
      const to = targetOf(key, row)
      if (to !== null) expect(mayMove(state, to) || mayBeMovedByPerson(state, to)).toBe(true)
    }
  })

  it.each(STATES.filter((state) => !isFinal(state)))(
    'leads out of %s by a person, whatever else is true of the row',
    (state) => {
      for (const row of rowsIn(state)) {
        const exits = possible(row).filter((key) => {
          const to = targetOf(key, row)
          return to !== null && to !== state
        })
        expect({ row, exits }).not.toEqual({ row, exits: [] })
      }
    },
  )

  it.each(STATES.filter((state) => !isFinal(state)))(
    'leads from %s to an end by what persons do, the burn being dealt with',
    (state) => {
      for (const start of rowsIn(state)) {
        const seen = new Set<State>([state])
        const rows = [start]
        for (const row of rows)
          for (const to of onwardFrom(row).filter((target) => !seen.has(target))) {
            seen.add(to)
            rows.push({ ...row, state: to, nextRunAt: isFinal(to) || RESTS.includes(to) ? null : AT })
          }
        expect([...seen].some(isFinal)).toBe(true)
      }
    },
  )

  it.each(STATES.filter((state) => !isFinal(state)))(
    'pays nobody from %s who was told that it is canceled, and leads out all the same',
    (state) => {
      for (const row of rowsIn(state).map((one) => ({ ...one, canceledBy: 'operator' as const }))) {
        const targets = possible(row).flatMap((key) => targetOf(key, row) ?? [])
        expect(targets).not.toContain('ready')
        expect({ row, exits: targets.filter((to) => to !== state) }).not.toEqual({ row, exits: [] })
      }
    },
  )

  it.each(['processed', 'canceled', 'returned'] as const)('moves nothing that is %s', (state) => {
    for (const row of rowsIn(state))
      expect(possible(row).filter((key) => targetOf(key, row) !== null)).toEqual([])
  })

  it('takes no row from a worker that may be sending it', () => {
    for (const row of rowsIn('submitting'))
      expect(possible({ ...row, leased: true }).filter((key) => targetOf(key, row) !== null)).toEqual([])
  })

  it('calls nothing unpaid, and gives nothing back that may have been sent, without evidence and a look-up', () => {
    const mayHaveBeenSent = ({ payoutDoubtAt, retiredPayouts, state }: ActionRow) =>
      payoutDoubtAt !== null || retiredPayouts > 0 || SENT.includes(state) || state === 'conflict'
    const cases = MOVES.filter(({ row, to }) => mayHaveBeenSent(row) && GIVES_BACK.includes(to))
    expect(cases).not.toEqual([])
    for (const { key } of cases)
      expect(actionOf(key)).toMatchObject({
        evidence: 'note',
        proofs: expect.arrayContaining(['not_paid']),
      })
  })

  it('sends nothing again as another payment without the provider’s own word that it was not paid', () => {
    const cases = MOVES.filter(({ row: { state }, to }) => to === 'ready' && state !== 'in_review')
    expect(cases).not.toEqual([])
    for (const { key } of cases)
      expect(actionOf(key)).toMatchObject({ evidence: 'note', proofs: ['proven_unpaid'] })
  })

  it('calls nothing paid without the bank’s reference', () => {
    const cases = MOVES.filter(({ to }) => to === 'settling' || to === 'processed')
    expect(cases).not.toEqual([])
    for (const { key } of cases) expect(actionOf(key).evidence).toBe('transaction')
  })

  it('ends nothing as canceled or processed while its burn may be pending', () => {
    const cases = MOVES.filter(({ to }) => to === 'canceled' || to === 'processed')
    expect(cases).not.toEqual([])
    for (const { key } of cases) expect(actionOf(key).proofs).toContain('burn_not_pending')
  })

  it.each(ACTION_KEYS)('says of %s in a sentence what it does to the burn and to the payout', (key) => {
    const { title, burn, payout } = actionOf(key)
    expect(title).toMatch(/^[A-Z][^.]*$/)
    expect([burn, payout]).toEqual([
      expect.stringMatching(/^[A-Z].*\.$/),
      expect.stringMatching(/^[A-Z].*\.$/),
    ])
    expect(pathOf(key).name).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })
})
