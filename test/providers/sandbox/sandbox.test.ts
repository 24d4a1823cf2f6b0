import { maskDestination } from '../../../src/domain/destination'
import type { PayoutItem, ProviderHost } from '../../../src/ports/payment-provider'
import { type SandboxOptions, type SandboxProvider, sandboxProvider } from '../../../src/providers/sandbox'
import { systemClock, systemRandomness } from '../../../src/runtime/clock'
import {
  type Arrangement,
  describeConformance,
  type FakeBooks,
  memoryDocuments,
  READING_FAULTS,
} from '../../../src/testing'
import { silentLogger } from '../../helpers/loggers'
import { clockAlone } from '../../services/clock-alone'

/** Goal: the sandbox keeps to the contract it is the example of. Method: its magic amounts stand for the faults. */
const AMOUNTS: Readonly<Partial<Record<Arrangement, string>>> = {
  accept: '10.01',
  open: '10.13',
  settle: '10.01',
  decline: '10.03',
  commit_then_drop: '10.05',
  drop_before_commit: '10.06',
  refuse_500: '10.07',
  garbage: '10.14',
  bad_item: '10.12',
}

const DESTINATION = {
  method: 'BANK',
  iban: 'DE89370400440532013000',
  accountHolder: 'Canary Holdername',
} as const

function sandboxSubject(options: SandboxOptions) {
  let opened: SandboxProvider | null = null
  const api: FakeBooks = {
    reset() {
      opened = null
    },
    arrange: (what) => {
      const amount = AMOUNTS[what]
      return amount === undefined ? false : { amount }
    },
    booked: async (key) =>
      ((await opened?.bank().executions()) ?? [])
        .filter((execution) => execution.key === key)
        // Its books hold a mask; it has to be the payee's.
        .map(({ amount, currency, to }) => ({
          ...{ amount, currency, account: to === maskDestination(DESTINATION) ? DESTINATION.iban : to },
        })),
    keyLifetimeMs: 30 * 24 * 3_600_000,
    calls: () => 0,
    webhook: async (key) => {
      const [delivery] = (await opened?.webhook.deliveries(key)) ?? []
      if (!delivery) throw new Error('no such payout')
      return delivery
    },
  }
  return {
    createProvider: () => {
      const provider = sandboxProvider({ timeoutMs: 300, ...options })
      const open = provider.open?.bind(provider)
      return Object.assign(provider, {
        open(host: ProviderHost) {
          opened = provider
          return open?.(host) ?? Promise.resolve()
        },
      })
    },
    api,
    payout: { currency: 'eur', amount: '10', destination: DESTINATION },
    unpayable: [{ destination: { method: 'BANK' as const, iban: '' }, field: 'iban' }],
    secrets: [],
  }
}

const NO_WIRE = 'the sandbox bank is in the same process'
const onTheWire = [
  'hang',
  'drip',
  'huge',
  'answer_500',
  'refuse_503',
  'answer_408',
  'answer_409',
  'answer_418',
]
const alsoOnTheWire = ['null', 'empty', 'html', 'redirect', 'refuse_429', 'refuse_401', 'refuse_403', 'down']
const NOT_APPLICABLE = {
  ...Object.fromEntries([...onTheWire, ...alsoOnTheWire].map((fault) => [`fault.${fault}`, NO_WIRE])),
  'fault.unknown_status': 'the sandbox bank knows its own words',
  'check.limits': 'it has none',
  'check.currency': 'it takes any currency',
  'check.method': 'it pays by every method',
  reading: NO_WIRE,
  'lookup.hidden': 'the sandbox bank shows what it has at once',
  'lookup.settled': 'amounts settle by themselves',
  'lookup.declined': 'amounts decline by themselves',
  'lookup.returned': 'amounts come back by themselves, tried in the tests of the bank',
  'lookup.unknown_status': 'the sandbox bank knows its own words',
  'lookup.forgotten': 'the sandbox bank forgets nothing',
  'lookup.settled_with_another_amount': 'the sandbox bank pays what it is asked to',
  'lookup.returned_in_part': 'the sandbox bank gives a payout back whole',
  'lookup.among_strangers': 'the sandbox bank lists nothing',
  ...Object.fromEntries(
    ['refuse_429', 'refuse_401', 'refuse_403', 'refuse_503', 'down'].map((what) => [
      `repeat.${what}`,
      NO_WIRE,
    ]),
  ),
  'repeat.refuse_again': 'the sandbox bank looks at keys before anything else',
  'batch.refused_again': 'the sandbox bank looks at keys before anything else',
  ...Object.fromEntries(READING_FAULTS.map((fault) => [`list.reading_${fault}`, NO_WIRE])),
  ...Object.fromEntries(
    ['settled', 'declined', 'returned', 'unknown_status', 'forgotten', 'settled_with_another_amount'].map(
      (end) => [`list.${end}`, 'amounts end by themselves, tried in the tests of the bank'],
    ),
  ),
  'list.among_strangers': 'the sandbox bank has no other customers',
  order: 'payouts are looked up one by one',
  cancel: 'nothing can be canceled',
  document: 'it has none',
  outbox: 'it has none',
  void: 'it has none',
}

describe.each(['per_item', 'all_or_nothing'] as const)('with batches checked %s,', (validation) => {
  describeConformance('sandbox', () => sandboxSubject({ validation }), { notApplicable: NOT_APPLICABLE })
})

const item = (n: number, amount: string): PayoutItem => ({
  key: `BW-${n}`,
  endToEndId: `E2E${n}`,
  currency: 'eur',
  amount,
  destination: DESTINATION,
  statementText: 'Withdrawal',
})
const batch = (key: string, ...items: PayoutItem[]) => ({ key, currency: 'eur', total: '0', items })

async function opened(options: SandboxOptions = {}): Promise<SandboxProvider> {
  const provider = sandboxProvider(options)
  const host = {
    documents: memoryDocuments(),
    clock: clockAlone(),
    random: systemRandomness,
    logger: silentLogger,
  }
  await provider.open?.(host)
  return provider
}

describe('a batch in the sandbox', () => {
  it('with a bad item is refused as a whole where batches are all or nothing, and the bad item is named', async () => {
    const provider = await opened({ validation: 'all_or_nothing' })
    const outcome = await provider.submit(batch('B1', item(1, '10'), item(2, '10.12'), item(3, '10')))
    expect(outcome).toMatchObject({ kind: 'deferred', why: 'batch_refused' })
    expect(outcome.items).toEqual({
      'BW-2': { kind: 'declined', code: 'invalid_identifier', status: 'RC01' },
    })
    expect(await provider.bank().executions()).toEqual([])
    await provider.submit(batch('B2', item(1, '10'), item(3, '10')))
    expect(await provider.bank().executions()).toHaveLength(2)
  })

  it('with a bad item is taken without it where items are checked one by one', async () => {
    const provider = await opened()
    const { items } = await provider.submit(batch('B1', item(1, '10'), item(2, '10.12')))
    expect(items).toMatchObject({ 'BW-1': { kind: 'settled' }, 'BW-2': { kind: 'declined' } })
    expect(await provider.bank().executions()).toMatchObject([{ key: 'BW-1' }])
  })

  it('under a key that was used is the first batch, whatever it holds', async () => {
    const provider = await opened()
    await provider.submit(batch('B1', item(1, '10'), item(2, '10')))
    const { items } = await provider.submit(batch('B1', item(1, '10'), item(3, '10')))
    expect(items).toMatchObject({ 'BW-1': { kind: 'settled' }, 'BW-3': { kind: 'unknown' } })
    expect((await provider.bank().executions()).map(({ key }) => key).sort()).toEqual(['BW-1', 'BW-2'])
  })
})

describe('the webhooks of the sandbox', () => {
  const types = async (provider: SandboxProvider, key: string) =>
    (await provider.webhook.deliveries(key)).map((request) => provider.webhook.parse(request)?.type)

  it('say twice what ends in .10, and in the wrong order what ends in .11', async () => {
    const provider = await opened()
    for (const [n, amount] of [
      [1, '10'],
      [2, '10.10'],
      [3, '10.11'],
    ] as const)
      await provider.submit(batch(`B${n}`, item(n, amount)))
    expect(await types(provider, 'BW-1')).toEqual(['payout.accepted', 'payout.settled'])
    expect(await types(provider, 'BW-2')).toEqual(['payout.accepted', 'payout.settled', 'payout.settled'])
    expect(await types(provider, 'BW-3')).toEqual(['payout.settled', 'payout.accepted'])
    const [, first, second] = await provider.webhook.deliveries('BW-2')
    expect(first && provider.webhook.parse(first)?.id).toBe(second && provider.webhook.parse(second)?.id)
  })

  it('are genuine after a restart, and not those of another sandbox', async () => {
    const documents = memoryDocuments()
    const host = { documents, clock: systemClock, random: systemRandomness, logger: silentLogger }
    const [before, after, stranger] = [sandboxProvider(), sandboxProvider(), await opened()]
    await before.open?.(host)
    await after.open?.(host)
    await before.submit(batch('BW-1', item(1, '10')))
    const [delivery] = await before.webhook.deliveries('BW-1')
    expect(delivery && (await after.webhook.verify(delivery))).toBe('genuine')
    expect(delivery && (await stranger.webhook.verify(delivery))).toBe('forged')
    expect(delivery && (await after.webhook.verify({ ...delivery, rawBody: null }))).toBe('unverifiable')
  })

  it('do not exist for a payout it does not have', async () => {
    expect(await (await opened()).webhook.deliveries('BW-9')).toEqual([])
  })
})
