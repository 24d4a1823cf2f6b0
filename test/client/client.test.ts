import { inspect } from 'node:util'

import {
  answered,
  createWithdrawalsClient,
  isWithdrawalError,
  type WithdrawalError,
  type WithdrawalsClient,
} from 'hollaex-bank-withdrawal/client'

import { systemClock } from '../../src/client/clock'
import { QuickClock, type Scripted, scripted, TIMEOUT_MS } from './script'

/** Goal: whoever uses the client pays once and knows what happened. Method: a network that answers by a script. */
const BODY = { currency: 'eur', amount: '25.00', bank_account: { iban: 'DE89370400440532013000' } }
const PAID: Scripted = { status: 200, body: { id: 'w1', status: 'processed' } }
const PENDING: Scripted = { status: 200, body: { id: 'w1', status: 'pending' } }

const refused = (status: number, code: string, headers: Record<string, string> = {}): Scripted => ({
  ...{ status, headers },
  body: { message: 'No.', code, request_id: 'r1' },
})

function clientOf(answers: readonly Scripted[], onSilence?: (clock: QuickClock) => void) {
  const clock = new QuickClock()
  const { send, sent } = scripted(answers, () => onSilence?.(clock))
  const client = createWithdrawalsClient({
    ...{ baseUrl: 'https://exchange.example/plugins/bank/withdrawal/', token: 't', fetch: send, clock },
    timeoutMs: TIMEOUT_MS,
  })
  return { client, clock, sent }
}

async function failureOf(work: Promise<unknown>): Promise<WithdrawalError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!isWithdrawalError(error)) throw new Error('It did not fail as it should.', { cause: error })
  return error
}

describe('A create', () => {
  it.each<[string, readonly Scripted[]]>([
    ['a connection that breaks', ['reset', PAID]],
    ['nobody answering in time', ['silence', PAID]],
    ['408', [refused(408, 'body_too_slow'), PAID]],
    ['a key that is in use', [refused(409, 'idempotency_key_in_use'), PAID]],
    ['425', [{ status: 425 }, PAID]],
    ['429', [refused(429, 'too_many_requests', { 'Retry-After': '2' }), PAID]],
    ['500', [refused(500, 'create_failed'), PAID]],
    ['502 of a proxy', [{ status: 502, body: '<html>Bad gateway</html>' }, PAID]],
    ['503', [refused(503, 'not_ready', { 'Retry-After': '5' }), PAID]],
  ])('is repeated with the same key and body after %s', async (_what, answers) => {
    const { client, sent } = clientOf(answers, (clock) => clock.timeOut())
    await expect(client.create(BODY, { idempotencyKey: 'k1' })).resolves.toMatchObject({ id: 'w1' })
    expect(sent).toEqual([sent[0], sent[0]])
    expect(sent[0]).toEqual({
      ...{ method: 'POST', url: 'https://exchange.example/plugins/bank/withdrawal/' },
      ...{ key: 'k1', body: BODY },
    })
  })

  it.each<[number, string]>([
    [400, 'insufficient_balance'],
    [401, 'unauthorized'],
    [409, 'withdrawals_stopped'],
    [409, 'limit_reached'],
    [422, 'idempotency_key_reused'],
    [429, 'otp_locked'],
  ])('is not repeated after %i %s', async (status, code) => {
    const { client, sent } = clientOf([refused(status, code)])
    const error = await failureOf(client.create(BODY))
    expect(error).toMatchObject({ code, status, message: 'No.', requestId: 'r1' })
    expect(sent).toHaveLength(1)
  })

  it.each<[string, readonly Scripted[], boolean]>([
    ['nobody answered', ['reset'], true],
    ['nobody answered in time', ['silence'], true],
    ['a proxy answered for it', [{ status: 502, body: '<html>Bad gateway</html>' }], true],
    ['it may have been stored', [refused(500, 'create_failed')], true],
    ['it was turned away', [refused(429, 'too_many_requests', { 'Retry-After': '2' })], false],
    ['there was none', [], false],
  ])('that is refused says whether an attempt before may arrive yet: %s', async (_what, before, isRepeat) => {
    const { client } = clientOf([...before, refused(400, 'otp_invalid')], (clock) => clock.timeOut())
    const error = await failureOf(client.create(BODY, { idempotencyKey: 'k1' }))
    expect(error).toMatchObject({ code: 'otp_invalid', isRepeat, idempotencyKey: 'k1' })
  })

  it('has a key of its own each time, unless it is given one', async () => {
    const { client, sent } = clientOf([PAID, PAID])
    await client.create(BODY)
    await client.create(BODY)
    const keys = sent.map(({ key }) => key)
    expect(new Set(keys).size).toBe(2)
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/)
  })

  it('that nobody answers ends with the key that makes a repeat harmless', async () => {
    const { client, sent } = clientOf(Array<Scripted>(20).fill('reset'))
    const error = await failureOf(client.create(BODY))
    expect(error).toMatchObject({ code: 'no_answer', status: 0, idempotencyKey: sent[0]?.key })
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
  })

  it('waits longer and longer, half a minute in all, and no shorter than it is told', async () => {
    const { client, clock } = clientOf([
      refused(503, 'not_ready', { 'Retry-After': '3' }),
      ...Array<Scripted>(20).fill('reset'),
    ])
    await failureOf(client.create(BODY))
    expect(clock.waits[0]).toBe(3_000)
    const [, ...more] = clock.waits
    expect(more).toEqual([...more].sort((a, b) => a - b))
    expect(clock.now()).toBeLessThanOrEqual(30_000)
  })

  it('that is to wait longer than it has time is refused at once, with the time to wait', async () => {
    const { client, clock } = clientOf([refused(429, 'too_many_requests', { 'Retry-After': '90' })])
    const error = await failureOf(client.create(BODY))
    expect(error).toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 90 })
    expect(clock.waits).toEqual([])
  })
})

describe('A limit that a kit does not explain', () => {
  it('is not asked against: the next request is half a minute away', async () => {
    const limited: Scripted = { status: 429, body: { message: 'Too many requests' } }
    const { client, sent } = clientOf([limited])
    const error = await failureOf(client.create(BODY))
    expect(error).toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 30 })
    expect(sent).toHaveLength(1)

    const waiting = clientOf([limited, PAID])
    await expect(waiting.client.waitFor('w1')).resolves.toMatchObject({ status: 'processed' })
    expect(waiting.clock.waits).toEqual([30_000])
  })
})

describe('What is asked otherwise', () => {
  it('is repeated where it only reads', async () => {
    const { client, sent } = clientOf(['reset', refused(500, 'list_failed'), { status: 200, body: [] }])
    await expect(client.options()).resolves.toEqual([])
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET'])
  })

  it.each<[string, (client: WithdrawalsClient) => Promise<unknown>]>([
    ['cancels', (client) => client.cancel('w1')],
    [
      'is an operator’s decision',
      (client) => answered(client.api.POST('/{id}/cancel', { params: { path: { id: 'w1' } } })),
    ],
    [
      'has a key at a route that looks at none',
      (client) =>
        answered(
          client.api.POST('/{id}/cancel', {
            params: { path: { id: 'w1' } },
            headers: { 'Idempotency-Key': 'k1' },
          }),
        ),
    ],
  ])('is sent once where it %s', async (_what, ask) => {
    const { client, sent } = clientOf(['reset'])
    expect(await failureOf(ask(client))).toMatchObject({ code: 'no_answer' })
    expect(sent).toHaveLength(1)
  })

  it('is refused in words where something in between answers in its own', async () => {
    const kit = clientOf([{ status: 429, body: { message: 'Too many requests' } }])
    expect(await failureOf(kit.client.cancel('w1'))).toMatchObject({
      ...{ code: 'too_many_requests', status: 429, message: 'Too many requests' },
    })
    const proxy = clientOf([{ status: 404, body: '<html>' }])
    expect(await failureOf(proxy.client.get('w1'))).toMatchObject({ code: 'strange_answer', status: 404 })
    for (const body of [
      { code: 1020, message: 'Blocked' },
      { code: 'BLOCKED', message: 'Blocked' },
      { message: 'Blocked', request_id: 'r1' },
    ]) {
      const error = await failureOf(clientOf([{ status: 400, body }]).client.create(BODY))
      expect(error).toMatchObject({ code: 'strange_answer', status: 400, message: 'Blocked' })
    }
    const odd = clientOf([{ status: 400, body: { message: { text: 'x' }, errors: 'none', request_id: 7 } }])
    expect(await failureOf(odd.client.get('w1'))).toMatchObject({
      ...{ code: 'strange_answer', message: 'The server answered with an error (400).' },
      ...{ errors: [], requestId: undefined },
    })
    const portal = clientOf([{ status: 200, body: '<html>Sign in to this network</html>' }])
    expect(await failureOf(portal.client.get('w1'))).toMatchObject({ code: 'strange_answer' })
  })

  it('is asked for as its route has it: places filled, queries and headers that there are', async () => {
    const { client, sent } = clientOf([PAID, { status: 200, body: { data: [] } }])
    await client.get('a/b?c')
    await client.find({ currency: 'eur', limit: 5 })
    const base = 'https://exchange.example/plugins/bank/withdrawal'
    expect(sent.map(({ url }) => url)).toEqual([`${base}/a%2Fb%3Fc`, `${base}/?currency=eur&limit=5`])
  })

  it('has ten minutes where it is a file', async () => {
    const { client, clock } = clientOf(['silence'])
    expect(await failureOf(client.csv())).toMatchObject({ code: 'no_answer' })
    expect(clock.waits).toEqual([10 * 60_000])
  })

  it('goes with a token that is asked for each time', async () => {
    const tokens = ['first', 'second']
    const seen: (string | null)[] = []
    const client = createWithdrawalsClient({
      baseUrl: 'https://exchange.example/x',
      token: () => Promise.resolve(String(tokens.shift())),
      fetch: ((request: Request) => {
        seen.push(request.headers.get('Authorization'))
        return Promise.resolve(new Response('[]'))
      }) as typeof fetch,
    })
    await client.options()
    await client.options()
    expect(seen).toEqual(['Bearer first', 'Bearer second'])
  })

  it('is not sent with what is no token, and does not repeat it in the error', async () => {
    const { send, sent } = scripted([])
    // As `$(npm run token)` gives it, where npm was not told to be silent.
    const token = '> exchange@1.0.0 token\n> node token.ts\n\neyJ.canary.token'
    const client = createWithdrawalsClient({ baseUrl: 'https://exchange.example/x', token, fetch: send })
    const error = await client.options().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(TypeError)
    expect(inspect(error)).not.toContain('canary')
    expect(sent).toEqual([])
  })

  it('goes with cookies and headers of the app’s own where it has no token', async () => {
    const seen: unknown[] = []
    const client = createWithdrawalsClient({
      ...{ baseUrl: 'https://app.example/x', credentials: 'same-origin', headers: { 'X-CSRF-Token': 'c' } },
      fetch: (({ credentials, headers }: Request) => {
        seen.push([credentials, headers.get('X-CSRF-Token'), headers.get('Authorization')])
        return Promise.resolve(new Response('[]'))
      }) as typeof fetch,
    })
    await client.options()
    expect(seen).toEqual([['same-origin', 'c', null]])
  })

  it('ends with the caller’s own reason where the caller gives up', async () => {
    const controller = new AbortController()
    const reason = new Error('The page was left.')
    const { client } = clientOf(['silence'], () => controller.abort(reason))
    await expect(client.create(BODY, { signal: controller.signal })).rejects.toBe(reason)
  })
})

describe('Waiting for an outcome', () => {
  it('looks more and more seldom until there is one', async () => {
    const { client, clock } = clientOf([PENDING, PENDING, PAID])
    const seen: string[] = []
    const withdrawal = await client.waitFor('w1', { onLook: ({ status }) => seen.push(status) })
    expect(withdrawal.status).toBe('processed')
    expect(seen).toEqual(['pending', 'pending', 'processed'])
    expect(clock.waits).toEqual([2_000, 4_000])
  })

  it('goes on after answers that pass, and ends with those that do not', async () => {
    const outage = Array<Scripted>(9).fill('reset')
    const through = clientOf([PENDING, ...outage, PAID])
    await expect(through.client.waitFor('w1')).resolves.toMatchObject({ status: 'processed' })

    const gone = clientOf([PENDING, refused(404, 'withdrawal_not_found')])
    expect(await failureOf(gone.client.waitFor('w1'))).toMatchObject({ code: 'withdrawal_not_found' })
  })

  it('asks no more than eight times in two minutes, which a kit allows', async () => {
    const { client, clock } = clientOf(Array<Scripted>(60).fill(PENDING))
    const looks: number[] = []
    const waiting = client.waitFor('w1', { onLook: () => looks.push(clock.now()) })
    expect(await failureOf(waiting)).toMatchObject({ code: 'still_pending', status: 0 })
    for (const [index, at] of looks.entries())
      expect(looks.slice(index).filter((other) => other < at + 120_000).length).toBeLessThanOrEqual(8)
    expect(clock.now()).toBeLessThanOrEqual(10 * 60_000)
  })

  it('can be left', async () => {
    const controller = new AbortController()
    const { client } = clientOf([PENDING, PENDING])
    const waiting = client.waitFor('w1', {
      signal: controller.signal,
      onLook: () => controller.abort(new Error('left')),
    })
    await expect(waiting).rejects.toThrow('left')
  })
})

describe('A time without end', () => {
  it('is not over at once, as a platform’s timers have it', () => {
    jest.useFakeTimers()
    try {
      const wake = jest.fn()
      const cancel = systemClock.setTimer(Infinity, wake)
      jest.advanceTimersByTime(3_600_000)
      expect(wake).not.toHaveBeenCalled()
      cancel()
    } finally {
      jest.useRealTimers()
    }
  })
})

describe('An error', () => {
  it('is told apart by its code, which says its status', async () => {
    const { client } = clientOf([refused(400, 'insufficient_balance')])
    const error = await failureOf(client.create(BODY))
    // The types are the assertion: this does not compile where a code has another status, or does not exist.
    const status: 400 | undefined = error.code === 'insufficient_balance' ? error.status : undefined
    expect(status).toBe(400)
  })
})
