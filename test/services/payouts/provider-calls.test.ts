import type { LookupOutcome, PaymentProvider, SubmitOutcome } from '../../../src/ports/payment-provider'
import { createCircuits } from '../../../src/services/payouts/circuit'
import { createProviderCalls } from '../../../src/services/payouts/provider-calls'
import { type ClockAlone, clockAlone } from '../clock-alone'
import { fakeProvider, ORDER, QUERY } from '../fake-provider'

/**
 * Goal: a provider is third-party code, and nothing it does but a well-formed answer is believed. Method: every
 * way to answer badly, asked as a submit and as a look-up.
 */
const callsAt = (clock: ClockAlone) =>
  createProviderCalls({ clock, circuits: createCircuits({ clock, random: { fraction: () => 0.5 } }) })

const ASK: Record<
  'submit' | 'lookup',
  (provider: PaymentProvider, clock?: ClockAlone) => Promise<SubmitOutcome | LookupOutcome>
> = {
  submit: (provider, clock = clockAlone()) => callsAt(clock).submit(provider, ORDER),
  lookup: (provider, clock = clockAlone()) => callsAt(clock).lookup(provider, QUERY),
}
const CALLS = ['submit', 'lookup'] as const

const answering = (answer: () => unknown): PaymentProvider => fakeProvider({ submit: answer, lookup: answer })

const GOOD: readonly SubmitOutcome[] = [
  { kind: 'accepted', reference: 'R1' },
  { kind: 'accepted', reference: 'R1', status: 'PENDING' },
  { kind: 'settled', reference: 'R1', transactionId: 'T1' },
  { kind: 'settled', reference: 'R1', transactionId: 'T1', amount: '10.50', status: 'PAID' },
  { kind: 'declined', code: 'account_closed' },
  { kind: 'declined', code: 'compliance', reference: 'R1', status: 'RR04' },
  { kind: 'deferred', why: 'insufficient_float' },
  { kind: 'deferred', why: 'rate_limited', retryAfterMs: 1_500, status: '429' },
  { kind: 'unknown', why: 'HTTP 502' },
  { kind: 'accepted' },
]

const MALFORMED: readonly (readonly [what: string, answer: unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', '<html>502 Bad Gateway</html>'],
  ['a number', 200],
  ['true', true],
  ['a list', [{ kind: 'settled', reference: 'R1', transactionId: 'T1' }]],
  ['an empty object', {}],
  ['no kind', { reference: 'R1', transactionId: 'T1' }],
  ['an unknown kind', { kind: 'paid', reference: 'R1' }],
  ['a kind in capitals', { kind: 'SETTLED', reference: 'R1', transactionId: 'T1' }],
  ['a kind with a line break', { kind: 'settled\n', reference: 'R1', transactionId: 'T1' }],
  ['a kind every object has', { kind: 'constructor', reference: 'R1' }],
  ['a kind that is a list', { kind: ['settled'], reference: 'R1', transactionId: 'T1' }],
  ['accepted with an empty reference', { kind: 'accepted', reference: '' }],
  ['accepted with a number as reference', { kind: 'accepted', reference: 12 }],
  ['accepted with a reference of 256 characters', { kind: 'accepted', reference: 'R'.repeat(256) }],
  ['accepted with NUL in its reference, which no database takes', { kind: 'accepted', reference: 'R\0' }],
  [
    'accepted with half a character in it, which would be stored as another',
    { kind: 'accepted', reference: 'R\ud800' },
  ],
  ['accepted with a status that is no text', { kind: 'accepted', reference: 'R1', status: { code: 1 } }],
  ['settled without a reference', { kind: 'settled', transactionId: 'T1' }],
  ['settled without a transaction id', { kind: 'settled', reference: 'R1' }],
  ['settled with a number as transaction id', { kind: 'settled', reference: 'R1', transactionId: 5 }],
  [
    'settled with no number as amount',
    { kind: 'settled', reference: 'R1', transactionId: 'T1', amount: 'ten' },
  ],
  ['settled with null as amount', { kind: 'settled', reference: 'R1', transactionId: 'T1', amount: null }],
  ['settled with NaN as amount', { kind: 'settled', reference: 'R1', transactionId: 'T1', amount: NaN }],
  [
    'settled with a gigantic amount',
    { kind: 'settled', reference: 'R1', transactionId: 'T1', amount: '1e999999999' },
  ],
  [
    'settled with a megabyte as status',
    { kind: 'settled', reference: 'R1', transactionId: 'T1', status: 'x'.repeat(1 << 20) },
  ],
  ['declined with a reference that is no text', { kind: 'declined', code: 'compliance', reference: 5 }],
  ['deferred without a reason', { kind: 'deferred' }],
  ['deferred for a reason nobody knows', { kind: 'deferred', why: 'no_idea' }],
  ['deferred for a reason every object has', { kind: 'deferred', why: 'constructor' }],
]

describe.each(CALLS)('a %s', (call) => {
  it.each(GOOD.map((answer) => [answer.kind, answer] as const))(
    'that answers %s is believed',
    async (_kind, answer) => {
      expect(await ASK[call](answering(() => answer))).toEqual(answer)
    },
  )

  it.each(MALFORMED)('that answers with %s is unknown', async (_what, answer) => {
    const outcome = await ASK[call](answering(() => answer))
    expect(outcome).toEqual({ kind: 'unknown', why: expect.stringMatching(/^malformed answer/) })
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('boom')
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
    [
      'throws what is no error',
      () => {
        throw 'boom' as unknown as Error
      },
    ],
    [
      'answers with something that throws when it is read',
      () => ({
        get kind() {
          throw new Error('boom')
        },
      }),
    ],
  ])('that %s is unknown', async (_what, answer) => {
    expect(await ASK[call](answering(answer))).toEqual({
      kind: 'unknown',
      why: expect.stringContaining('boom'),
    })
  })

  it('that throws before it returns a promise is unknown', async () => {
    const boom = () => {
      throw new Error('boom')
    }
    expect(await ASK[call]({ ...fakeProvider(), submit: boom, lookup: boom })).toMatchObject({
      kind: 'unknown',
    })
  })

  it('that throws says with which code, and keeps it short', async () => {
    const error = Object.assign(new Error('x'.repeat(10_000)), { code: 'ECONNRESET' })
    const outcome = (await ASK[call](answering(() => Promise.reject(error)))) as { why: string }
    expect(outcome.why).toMatch(/^ECONNRESET: x+$/)
    expect(outcome.why.length).toBeLessThanOrEqual(200)
  })

  it.each(['thrown', 'answered'])('never carries an account into the journal in what was %s', async (how) => {
    const said = 'no account DE89370400440532013000'
    const answer =
      how === 'thrown' ? () => Promise.reject(new Error(said)) : () => ({ kind: 'unknown', why: said })
    const outcome = await ASK[call](answering(answer))
    expect(outcome).toEqual({ kind: 'unknown', why: expect.stringContaining('no account [account]') })
  })

  it('that does not answer by its deadline is unknown', async () => {
    const clock = clockAlone()
    const asked = ASK[call](
      answering(() => new Promise(() => {})),
      clock,
    )
    await clock.advance(10_000)
    expect(await asked).toEqual({
      kind: 'unknown',
      why: expect.stringMatching(/^DEADLINE: payout .* did not answer in 10000 ms/),
    })
  })

  it('that answers after its deadline was unknown by then', async () => {
    const clock = clockAlone()
    let answer = (_value: unknown) => {}
    const asked = ASK[call](
      answering(() => new Promise((resolve) => (answer = resolve))),
      clock,
    )
    await clock.advance(10_000)
    answer({ kind: 'settled', reference: 'R1', transactionId: 'T1' })
    expect(await asked).toMatchObject({ kind: 'unknown' })
  })

  it.each(['AC99', '', undefined, null, 5, 'constructor', '__proto__', ['account_closed']])(
    'that declines with a code we do not know (%p) is declined by the provider',
    async (code) => {
      const outcome = await ASK[call](answering(() => ({ kind: 'declined', code, status: 'RJCT' })))
      expect(outcome).toEqual({ kind: 'declined', code: 'provider_declined', status: 'RJCT' })
    },
  )

  it.each([NaN, Infinity, -1, '5', null, 1e300])(
    'that defers for %p ms is deferred for our own time',
    async (retryAfterMs) => {
      const outcome = await ASK[call](
        answering(() => ({ kind: 'deferred', why: 'rate_limited', retryAfterMs })),
      )
      expect(outcome).toEqual({ kind: 'deferred', why: 'rate_limited' })
    },
  )

  it.each([undefined, null, 5, { a: 1 }])('that knows nothing, and not why (%p), is unknown', async (why) => {
    expect(await ASK[call](answering(() => ({ kind: 'unknown', why })))).toEqual({
      kind: 'unknown',
      why: expect.any(String),
    })
  })
})

describe('the items of a submit', () => {
  const submitting = (items: unknown) =>
    ASK.submit(answering(() => ({ kind: 'accepted', reference: 'B1', items })))

  it('are checked one by one', async () => {
    const settled = { kind: 'settled', reference: 'R1', transactionId: 'T1' }
    expect(
      await submitting({ a: settled, b: { kind: 'paid' }, c: null, d: { kind: 'declined', code: 'AC99' } }),
    ).toEqual({
      kind: 'accepted',
      reference: 'B1',
      items: {
        a: settled,
        b: { kind: 'unknown', why: 'malformed answer: kind' },
        c: { kind: 'unknown', why: 'malformed answer: kind' },
        d: { kind: 'declined', code: 'provider_declined' },
      },
    })
  })

  it.each(['all', 5, null, true, [{ kind: 'settled', reference: 'R1', transactionId: 'T1' }]])(
    'that are no table (%p) make the whole answer unknown',
    async (items) => {
      expect(await submitting(items)).toEqual({ kind: 'unknown', why: 'malformed answer: items' })
    },
  )
})

describe('a look-up', () => {
  const lookingUp = (answer: unknown) => ASK.lookup(answering(() => answer))

  it.each([true, false])('that finds nothing, conclusively: %p, is believed', async (conclusive) => {
    expect(await lookingUp({ kind: 'not_found', conclusive })).toEqual({ kind: 'not_found', conclusive })
  })

  // Sending again rests on this word alone: "false" and 1 are not true.
  it.each(['true', 'false', 1, {}, [], null, undefined])(
    'that finds nothing, and does not say clearly whether that proves anything (%p), is unknown',
    async (conclusive) => {
      expect(await lookingUp({ kind: 'not_found', conclusive })).toMatchObject({ kind: 'unknown' })
    },
  )

  it('that tells of a return is believed', async () => {
    const returned = { kind: 'returned', reference: 'R1', amount: '10.5', code: 'account_closed' }
    expect(await lookingUp(returned)).toEqual(returned)
    expect(await lookingUp({ ...returned, transactionId: 'T1' })).toEqual({
      ...returned,
      transactionId: 'T1',
    })
  })

  it('that tells of a return with a code we do not know takes the word for any decline', async () => {
    expect(
      await lookingUp({ kind: 'returned', reference: 'R1', amount: '10.5', code: 'AC99' }),
    ).toMatchObject({
      kind: 'returned',
      code: 'provider_declined',
    })
  })

  it.each<[string, Record<string, unknown>]>([
    ['no reference', { reference: undefined }],
    ['no amount', { amount: undefined }],
    ['an amount that is none', { amount: 'all of it' }],
    ['an amount of nothing', { amount: '0' }],
    ['an amount below nothing', { amount: '-10.5' }],
    ['a transaction id that is no text', { transactionId: 5 }],
  ])('that tells of a return with %s is unknown', async (_what, change) => {
    const outcome = await lookingUp({
      kind: 'returned',
      reference: 'R1',
      amount: '10.5',
      code: 'account_closed',
      ...change,
    })
    expect(outcome).toEqual({ kind: 'unknown', why: expect.stringMatching(/^malformed answer/) })
  })

  it('may answer that a payout was never handed in, which a submit may not', async () => {
    const voided = { kind: 'voided', status: 'VOIDED' }
    expect(await lookingUp(voided)).toEqual(voided)
    expect(await lookingUp({ kind: 'voided', status: 7 })).toMatchObject({ kind: 'unknown' })
    const waiting = { kind: 'voided', why: 'insufficient_float' }
    expect(await lookingUp(waiting)).toEqual(waiting)
    for (const why of ['tired', 7, null, {}, 'constructor'])
      expect(await lookingUp({ ...voided, why })).toEqual(voided)
    expect(await ASK.submit(answering(() => voided))).toMatchObject({ kind: 'unknown' })
  })

  it('is the only call that may answer not found or returned', async () => {
    expect(await ASK.submit(answering(() => ({ kind: 'not_found', conclusive: true })))).toMatchObject({
      kind: 'unknown',
    })
    const returned = { kind: 'returned', reference: 'R1', amount: '10.5', code: 'account_closed' }
    expect(await ASK.submit(answering(() => returned))).toMatchObject({ kind: 'unknown' })
  })
})

describe('what a provider repeats of whom it was to pay', () => {
  const said = async (why: string, ...banks: readonly string[]) => {
    const [item] = ORDER.items
    const items = banks.map((bank) => ({ ...item, destination: { ...item?.destination, bank } }))
    const provider = answering(() => ({ kind: 'unknown', why }))
    const order = { ...ORDER, items: items as typeof ORDER.items }
    return callsAt(clockAlone()).submit(provider, order)
  }

  it.each<[string, string[], string]>([
    ['refused by Acme Bank, ACME BANK says', ['Acme Bank'], 'refused by [payee], [payee] says'],
    // Names that are in the mark itself: looked for in what stands for them, they would be found for ever.
    ['payout submit did not answer', ['Pay'], '[payee]out submit did not answer'],
    ['the payee is unknown', ['payee', 'Aye', '[pay', 'yee]'], 'the [payee] is unknown'],
    ['pay or aye', ['Pay', 'Aye'], '[payee] or [payee]'],
    ['Ada Lovelace is not Ada', ['Ada', 'Ada Lovelace'], '[payee] is not [payee]'],
    ['what (a+)+ is', ['(a+)+'], 'what [payee] is'],
  ])('is left out of "%s"', async (why, banks, expected) => {
    expect(await said(why, ...banks)).toEqual({ kind: 'unknown', why: expected })
  })
})

describe('a provider whose answers prove nothing', () => {
  const silence = (answer: () => unknown) => async (call: 'submit' | 'lookup') => {
    const circuits = createCircuits({ clock: clockAlone(), random: { fraction: () => 0.5 } })
    const calls = createProviderCalls({ clock: clockAlone(), circuits })
    const provider = answering(answer)
    for (let times = 0; times < 5; times++)
      await (call === 'submit' ? calls.submit(provider, ORDER) : calls.lookup(provider, QUERY))
    return circuits.waitMs(provider.name)
  }

  it.each(CALLS)('is not left alone while it says that it was heard (%s)', async (call) => {
    const heard = silence(() => ({ kind: 'unknown', why: 'HTTP 409', wasHeard: true }))
    expect(await heard(call)).toBe(0)
  })

  it.each<[string, () => unknown]>([
    ['does not say so', () => ({ kind: 'unknown', why: 'HTTP 502' })],
    ['says so in another word', () => ({ kind: 'unknown', why: 'HTTP 502', wasHeard: 'yes' })],
    [
      'throws',
      () => {
        throw new Error('socket hang up')
      },
    ],
  ])('is left alone where it %s', async (_what, answer) => {
    for (const call of CALLS) expect(await silence(answer)(call)).toBeGreaterThan(0)
  })
})
