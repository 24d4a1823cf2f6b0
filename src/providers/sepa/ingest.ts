import type { Ingested, PayoutHint, ProviderDocuments, ProviderFile } from '../../ports/payment-provider'
import { findBookings } from './find-bookings'
import { findStatuses } from './find-statuses'
import type { Findings } from './findings'
import { coverageOf, isRejection, judge } from './judge'
import { type Fact, isMade, type Ledger, type Order, withFacts } from './ledger'
import { mapFew } from './parallel'
import { readReport } from './reader/read-report'
import type { Report } from './reader/report'
import { UnreadableReportError } from './reader/xml-tree'
import type { SepaSettings } from './settings'
import { sha256Of } from './stored-files'

interface IngestDeps {
  readonly ledger: Ledger
  readonly documents: ProviderDocuments
  readonly settings: SepaSettings
}

/** More sentences than this nobody reads. */
const PROBLEMS_MAX = 100

/**
 * Takes in a bank's report. Every fact has an id of its own, so reading a report again, in full or after a crash
 * halfway, adds only what is missing.
 */
export function createIngest({ ledger, documents, settings }: IngestDeps) {
  async function ingest({ content }: ProviderFile): Promise<Ingested> {
    const reportId = sha256Of(content)
    const report = reportOrWhyNot(content)
    if ('unreadable' in report)
      return { documentId: reportId, isRepeated: false, payouts: [], problems: [report.unreadable] }

    const isRepeated = (await documents.read(`report/${reportId}`)) !== null
    const findings = await find(report, reportId)
    await store(ledger, findings)
    const touched = await touchedBy({ ledger, settings }, findings)
    const problems = [
      ...report.problems,
      ...(await otherContent(report, reportId)),
      ...findings.problems,
      ...touched.problems,
    ]
    await documents.create(`report/${reportId}`, { kind: report.kind, messageId: report.messageId })
    return { documentId: reportId, isRepeated, payouts: touched.payouts, problems: fewOf(problems) }
  }

  function reportOrWhyNot(content: Uint8Array): Report | { unreadable: string } {
    try {
      return readReport(content, settings.reportMbMax * 1_000_000)
    } catch (error) {
      if (error instanceof UnreadableReportError) return { unreadable: error.message }
      throw error
    }
  }

  const find = (report: Report, reportId: string): Promise<Findings> =>
    report.kind === 'pain.002'
      ? findStatuses(ledger, report.files, reportId)
      : findBookings(ledger, report, { reportId, account: settings.debtorIban })

  /** Two reports of one id are two halves of one, or a correction: both are read, and the operator is told. */
  async function otherContent({ kind, messageId }: Report, reportId: string): Promise<string[]> {
    if (messageId === null) return []
    const id = `report-id/${kind}/${messageId}`
    if (await documents.create(id, { reportId })) return []
    const earlier = (await documents.read(id))?.value as { reportId: string } | undefined
    return earlier?.reportId === reportId
      ? []
      : ['Another report with the same message id and other content was read before.']
  }

  return ingest
}

async function store(ledger: Ledger, { items, orders }: Findings): Promise<void> {
  const rejected = new Map<string, Record<string, string>>()
  await mapFew([...items], async ([endToEndId, found]) => {
    await ledger.updateItem(endToEndId, (item) => {
      if (!item) return null
      if (found.some(isRejection))
        rejected.set(item.orderKey, { ...rejected.get(item.orderKey), [endToEndId]: item.amount })
      const facts = withFacts(item.facts, found)
      return facts && { ...item, facts }
    })
  })
  // After the payments' own facts: a rejection that only the order knew of would be counted and not acted on.
  for (const key of new Set([...orders.keys(), ...rejected.keys()]))
    await ledger.updateSaid(key, (said) => ({
      facts: withFacts(said.facts, orders.get(key) ?? []) ?? said.facts,
      rejected: { ...said.rejected, ...rejected.get(key) },
    }))
}

/** Who is worth a look now, and whose facts do not agree. */
async function touchedBy(
  { ledger, settings }: Pick<IngestDeps, 'ledger' | 'settings'>,
  { items, orders }: Findings,
): Promise<{ payouts: readonly PayoutHint[]; problems: readonly string[] }> {
  const problems: string[] = []
  const payouts = new Map<string, PayoutHint>()
  const madeOrders = new Map<string, Order>()
  const ids = new Set(items.keys())
  for (const [key, found] of orders) {
    const order = await ledger.order(key)
    if (!isMade(order)) continue
    madeOrders.set(key, order)
    for (const { endToEndId } of await ledger.payments(order)) ids.add(endToEndId)
    const said = await ledger.said(key)
    if (found.some(isDebit) && coverageOf(order, said) === 'none')
      problems.push(
        `What was booked for message ${order.messageId} is neither its total nor what is left of it; none of it counts.`,
      )
  }
  await mapFew([...ids], async (endToEndId) => {
    const item = await ledger.item(endToEndId)
    const order = item && (madeOrders.get(item.orderKey) ?? (await ledger.order(item.orderKey)))
    if (!item || !isMade(order)) return
    payouts.set(endToEndId, { key: item.key, endToEndId, reference: endToEndId })
    const said = await ledger.said(item.orderKey)
    const { contradiction } = judge({ item, order, said, settleOn: settings.settleOn })
    if (contradiction !== null) problems.push(`Payment ${endToEndId}: ${contradiction}. Ask the bank.`)
  })
  return { payouts: [...payouts.values()], problems }
}

const isDebit = ({ kind }: Fact): boolean => kind === 'debit'

const fewOf = (problems: readonly string[]): readonly string[] =>
  problems.length <= PROBLEMS_MAX
    ? problems
    : [...problems.slice(0, PROBLEMS_MAX), `… and ${problems.length - PROBLEMS_MAX} more.`]
