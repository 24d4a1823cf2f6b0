import fs from 'node:fs'
import path from 'node:path'

import type {
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  ProviderDocuments,
} from '../../../src/ports/payment-provider'
import { type SepaOptions, type SepaParts, sepaProvider } from '../../../src/providers/sepa'
import { silentLogger } from '../../helpers/loggers'
import { testRandomness } from '../../helpers/test-clock'
import { type ClockAlone, clockAlone } from '../../services/clock-alone'
import { memoryDocuments } from '../sandbox/memory-documents'

export const DEBTOR_IBAN = 'DE89370400440532013000'

export const OPTIONS = {
  debtorName: 'Example Exchange Ltd',
  debtorIban: DEBTOR_IBAN,
  debtorBic: 'COBADEFFXXX',
} as const satisfies SepaOptions

/** The three payments of the scenario files: 175.55 EUR in all. */
export const ITEMS: readonly PayoutItem[] = [
  anItem(1, '100', 'NL91ABNA0417164300', 'Jane Roe'),
  anItem(2, '50.5', 'FR1420041010050500013M02606', 'John Doe'),
  anItem(3, '25.05', 'HR1210010051863000160', 'Ana Horvat'),
]

export function anItem(
  number: number,
  amount: string,
  iban = 'NL91ABNA0417164300',
  accountHolder = 'Jane Roe',
): PayoutItem {
  const endToEndId = `WD${String(number).padStart(16, '0')}`
  return {
    key: `BW-${endToEndId}`,
    endToEndId,
    currency: 'eur',
    amount,
    destination: { method: 'BANK', iban, accountHolder },
    statementText: `Withdrawal ${endToEndId}`,
  }
}

export const anOrder = (items: readonly PayoutItem[] = ITEMS, key = 'BW-20261120-EUR-0001'): PayoutOrder => ({
  key,
  currency: 'eur',
  total: totalOf(items),
  items,
})

function totalOf(items: readonly PayoutItem[]): string {
  const cents = items.reduce((total, { amount }) => total + Math.round(Number(amount) * 100), 0)
  return (cents / 100).toFixed(2)
}

export const queryOf = (item: PayoutItem, orderKey = 'BW-20261120-EUR-0001') => ({
  key: item.key,
  orderKey,
  reference: null,
  endToEndId: item.endToEndId,
  orderReference: null,
  currency: 'eur',
  amount: item.amount,
})

export interface Rig {
  readonly provider: PaymentProvider
  readonly documents: ProviderDocuments
  readonly clock: ClockAlone
  /** The program starts anew with the same documents. */
  restart(options?: SepaOptions): Promise<PaymentProvider>
  file(orderKey?: string): Promise<string>
  ingest(document: string | Buffer): ReturnType<NonNullable<PaymentProvider['ingest']>>
}

interface RigOptions extends SepaParts {
  readonly documents?: ProviderDocuments
  readonly at?: string
  /** Whether payouts may leave. */
  readonly mayLeave?: () => Promise<boolean>
}

/** No two programs draw the same chance. */
let programs = 0

export async function createRig(
  options: SepaOptions = {},
  { documents = memoryDocuments(), at = '2026-11-20T10:00:00Z', mayLeave, ...parts }: RigOptions = {},
): Promise<Rig> {
  const clock = clockAlone(Date.parse(at))
  const open = async (given: SepaOptions): Promise<PaymentProvider> => {
    const provider = sepaProvider({ ...OPTIONS, ...given }, parts)
    await provider.open?.({
      documents,
      clock,
      random: testRandomness(Number(process.env.TEST_SEED) + ++programs),
      logger: silentLogger,
      ...(mayLeave && { mayLeave }),
    })
    return provider
  }
  const provider = await open(options)
  return {
    provider,
    documents,
    clock,
    restart: (changed = options) => open(changed),
    async file(orderKey = 'BW-20261120-EUR-0001') {
      const listed = (await provider.outbox?.list())?.find((file) => file.orderKey === orderKey)
      const found = await provider.outbox?.read(listed?.name ?? '')
      return Buffer.from(found?.content ?? '').toString('utf8')
    },
    ingest: (document) => ingested(provider, document),
  }
}

export const ingested = (provider: PaymentProvider, document: string | Buffer) => {
  if (!provider.ingest) throw new Error('The provider takes no documents.')
  return provider.ingest({ name: 'report.xml', content: Buffer.from(document) })
}

export const fixture = (name: string): string =>
  fs.readFileSync(path.join(__dirname, 'fixtures', name), 'utf8')
