import type {
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  PayoutQuery,
} from '../../../src/ports/payment-provider'
import { modulrProvider } from '../../../src/providers/modulr'
import { type LogLine, recordingLogger } from '../../helpers/loggers'
import { testRandomness } from '../../helpers/test-clock'
import { ManualClock } from '../../kit/manual-clock'
import { memoryDocuments } from '../sandbox/memory-documents'
import { ACCOUNT_EUR, ACCOUNT_GBP, FakeModulr, KEY_ID, SECRET } from './fake-modulr'

export interface Rig {
  readonly modulr: FakeModulr
  readonly provider: PaymentProvider
  readonly clock: ManualClock
  readonly lines: readonly LogLine[]
  /** The same provider after a restart, with the same documents. */
  restart(accounts?: { eur?: string; gbp?: string }): Promise<PaymentProvider>
  close(): Promise<void>
}

export async function createRig(): Promise<Rig> {
  const clock = new ManualClock()
  const modulr = new FakeModulr(clock.now)
  const baseUrl = await modulr.listen()
  const documents = memoryDocuments()
  const logger = recordingLogger()
  const random = testRandomness()
  const opened: PaymentProvider[] = []
  const start = async (accounts: { eur?: string; gbp?: string } = { eur: ACCOUNT_EUR, gbp: ACCOUNT_GBP }) => {
    const provider = modulrProvider({
      baseUrl,
      keyId: KEY_ID,
      secret: SECRET,
      accounts,
      webhook: { secret: 'w'.repeat(32), algorithm: 'hmac-sha256' },
    })
    opened.push(provider)
    await provider.open?.({ documents, clock, random, logger })
    return provider
  }
  return {
    modulr,
    clock,
    provider: await start(),
    lines: logger.lines,
    restart: start,
    async close() {
      for (const provider of opened) await provider.close?.()
      modulr.close()
    },
  }
}

export const IBAN = 'NL91ABNA0417164300'

export const itemOf = (key: string, changes: Partial<PayoutItem> = {}): PayoutItem => ({
  key,
  endToEndId: key.replace(/[^A-Za-z0-9]/g, '').toUpperCase(),
  currency: 'eur',
  amount: '100.5',
  destination: { method: 'BANK', iban: IBAN, accountHolder: 'Jane Roe' },
  statementText: `Withdrawal ${key}`,
  ...changes,
})

export const singleOrder = (key: string, changes: Partial<PayoutItem> = {}): PayoutOrder => {
  const item = itemOf(key, changes)
  return { key, currency: item.currency, total: item.amount, items: [item] }
}

export const batchOrder = (key: string, items: readonly PayoutItem[]): PayoutOrder => ({
  key,
  currency: 'eur',
  total: '0',
  items,
})

export const queryOf = (key: string, changes: Partial<PayoutQuery> = {}): PayoutQuery => ({
  key,
  orderKey: key,
  reference: null,
  endToEndId: key,
  orderReference: null,
  currency: 'eur',
  amount: '100.5',
  ...changes,
})
