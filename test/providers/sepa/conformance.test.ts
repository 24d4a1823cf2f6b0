import type { PaymentProvider, ProviderFile } from '../../../src/ports/payment-provider'
import { sepaProvider } from '../../../src/providers/sepa'
import {
  type ConformanceSubject,
  describeConformance,
  type Ending,
  READING_FAULTS,
} from '../../../src/testing'
import { booking, statusReport } from './bank-documents'
import { OPTIONS } from './rig'

/** The bank is a folder here, and what it has taken is what the files say. */
function subject(): ConformanceSubject {
  let latest: PaymentProvider | null = null
  const references = new Map<string, string>()
  const amounts = new Map<string, string>()
  const dropped = new Set<string>()
  let calls = 0

  /** What the bank would send about one payment. */
  async function documentOn(
    key: string,
    ending: Exclude<Ending, 'forgotten' | 'cancelable'>,
    amount = amounts.get(key) ?? '',
  ): Promise<ProviderFile> {
    const id = references.get(key) ?? ''
    const files = (await latest?.outbox?.list()) ?? []
    const contents = await Promise.all(files.map(async ({ name }) => latest?.outbox?.read(name)))
    const file = contents
      .map((each) => Buffer.from(each?.content ?? '').toString())
      .find((xml) => xml.includes(id))
    const messageId = /(?<=<MsgId>)[^<]+/.exec(file ?? '')?.[0] ?? ''
    const isStatus = ending === 'declined' || ending === 'unknown_status'
    const xml = isStatus
      ? statusReport(messageId, id, ending === 'declined' ? 'RJCT' : 'PERC')
      : booking(id, amount, { isReturn: ending === 'returned' })
    return { name: 'report.xml', content: Buffer.from(xml) }
  }

  return {
    createProvider() {
      const real = sepaProvider({ ...OPTIONS, timeoutMs: 1_000 })
      latest = {
        ...real,
        submit(order) {
          calls++
          for (const { key, endToEndId, amount } of order.items) {
            references.set(key, endToEndId)
            amounts.set(key, amount)
          }
          return real.submit(order)
        },
      }
      return latest
    },
    payout: {
      currency: 'eur',
      amount: '10.50',
      destination: { method: 'BANK', iban: 'NL91ABNA0417164300', accountHolder: 'Canary Holdername' },
    },
    unpayable: [
      { destination: { method: 'BANK', iban: 'NL91ABNA0417164300' }, field: 'account_holder' },
      {
        destination: { method: 'BANK', iban: 'HR21331323153406342304', accountHolder: 'Jane Roe' },
        field: 'iban',
      },
    ],
    secrets: [],
    api: {
      reset: () => references.clear(),
      // A file has no connection that could break: what can go wrong is tried in the tests beside this one.
      arrange: (what) => what === 'accept' || what === 'open',
      async booked(key) {
        if (dropped.has(key)) return []
        const files = (await latest?.outbox?.list()) ?? []
        const contents = await Promise.all(files.map(async ({ name }) => latest?.outbox?.read(name)))
        const wanted = `<EndToEndId>${references.get(key)}</EndToEndId>`
        return contents
          .flatMap((file) =>
            Buffer.from(file?.content ?? '')
              .toString()
              .split('<CdtTrfTxInf>')
              .slice(1),
          )
          .filter((payment) => payment.includes(wanted))
          .map((payment) => ({
            amount: /<InstdAmt[^>]*>([^<]+)</.exec(payment)?.[1] ?? '',
            currency: /<InstdAmt Ccy="([A-Z]+)"/.exec(payment)?.[1] ?? '',
            account: /<CdtrAcct>.*?<IBAN>([^<]+)</s.exec(payment)?.[1] ?? '',
          }))
      },
      // What it has made once it finds in its own documents, however late.
      keyLifetimeMs: Number.MAX_SAFE_INTEGER,
      calls: () => calls,
      async bring(key, ending, amount) {
        if (ending === 'forgotten' || ending === 'cancelable' || !latest) return false
        if (ending === 'declined') dropped.add(key)
        const { content } = await documentOn(key, ending, amount)
        await latest.ingest?.({ name: 'report.xml', content })
        return true
      },
      file: (key) => documentOn(key, 'settled'),
    },
  }
}

const noConnection = 'nothing is asked of a bank: a file is made, and reports come in'
describeConformance('sepa', subject, {
  notApplicable: {
    'submit.settles': 'a bank speaks days later',
    'submit.declines': 'a bank speaks days later',
    fault: noConnection,
    reading: noConnection,
    repeat: noConnection,
    'batch.refused_again': noConnection,
    'order.failed_look_up': noConnection,
    cancel: 'what is in a file can only be stopped at the bank',
    'lookup.among_strangers': 'a report names each payment, and reader.test.ts tries those of others',
    ...Object.fromEntries(READING_FAULTS.map((fault) => [`list.reading_${fault}`, noConnection])),
    'list.among_strangers': 'it lists what is in its own files',
    'list.forgotten': 'it never forgets what it has made',
    webhook: noConnection,
    'lookup.hidden': 'its own documents show at once what it has made',
    'lookup.forgotten': 'it never forgets what it has made',
    'batch.commit_then_drop': noConnection,
    'batch.bad_item': 'a payout it cannot write is refused by its check; tried in orders.test.ts',
  },
})
