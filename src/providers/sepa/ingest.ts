import type { Clock } from '../../ports/clock'
import type { Ingested, PayoutHint, ProviderDocuments, ProviderFile } from '../../ports/payment-provider'
import { mapFew } from '../../runtime/parallel'
import { findBookings } from './find-bookings'
import { findStatuses } from './find-statuses'
import type { Findings } from './findings'
import { coverageOf, isRejection, judge } from './judge'
import { type Fact, isMade, type ItemRecord, type Ledger, type Order, withFacts } from './ledger'
import { readReport } from './reader/read-report'
import type { Report } from './reader/report'
import { UnreadableReportError } from './reader/xml-tree'
import type { SepaSettings } from './settings'
import { sha256Of } from './stored-files'

interface IngestDeps {
  readonly ledger: Ledger
  readonly documents: ProviderDocuments
  readonly settings: SepaSettings
  readonly clock: Clock
  /** So long after a file was made nobody may be looking for returns any more. */
  readonly returnWindowMs: number
}

/** More sentences than this nobody reads. */
const PROBLEMS_MAX = 100

/**
 * Takes in a bank's report. Every fact has an id of its own, so reading a report again, in full or after a crash
 * halfway, adds only what is missing.
 */
export function createIngest({ ledger, documents, settings, clock, returnWindowMs }: IngestDeps) {
  async function ingest({ content }: ProviderFile): Promise<Ingested> {
    const reportId = sha256Of(content)
    const report = reportOrWhyNot(content)
    if ('unreadable' in report)
      return { documentId: reportId, isRepeated: false, payouts: [], problems: [report.unreadable] }

    const isRepeated = (await documents.read(`report/${reportId}`)) !== null
    const findings = await find(report, reportId)
    const stored = await store(ledger, findings)
    const touched = await touchedBy({ ledger, settings }, findings, stored)
    const problems = [
      ...report.problems,
      ...(await otherContent(report, reportId)),
      ...findings.problems,
      ...touched.problems,
      ...(await lateReturns(findings, stored)),
    ]
    await documents.create(`report/${reportId}`, { kind: report.kind, messageId: report.messageId })
    return { documentId: reportId, isRepeated, payouts: touched.payouts, problems: fewOf(problems) }
  }

  /** The engine has stopped watching these payments, so its next look would come too late for their users. */
  async function lateReturns(
    { items }: Findings,
    stored: ReadonlyMap<string, ItemRecord>,
  ): Promise<readonly string[]> {
    const back = [...stored.values()].filter(({ endToEndId }) => items.get(endToEndId)?.some(isReturn))
    const late = await mapFew(back, async ({ orderKey, endToEndId }) => {
      const order = await ledger.order(orderKey)
      const isLate = isMade(order) && clock.now().getTime() - Date.parse(order.createdAt) > returnWindowMs
      return isLate ? [`Payment ${endToEndId} has come back very late. Check that its user is credited.`] : []
    })
    return late.flat()
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

/** @returns The payments with facts of their own, as they are now. */
async function store(
  ledger: Ledger,
  { items, orders, heardOf }: Findings,
): Promise<ReadonlyMap<string, ItemRecord>> {
  for (const key of heardOf) await ledger.hearOf(key)
  const rejected = new Map<string, Record<string, string>>()
  const stored = await mapFew([...items], async ([endToEndId, found]) => {
    const item = await ledger.updateItem(endToEndId, (present) => {
      const facts = present && withFacts(present.facts, found)
      return facts && { ...present, facts }
    })
    if (item && found.some(isRejection))
      rejected.set(item.orderKey, { ...rejected.get(item.orderKey), [endToEndId]: item.amount })
    return item ? ([[endToEndId, item]] as const) : []
  })
  // After the payments' own facts: a rejection that only the order knew of would be counted and not acted on.
  for (const key of new Set([...orders.keys(), ...rejected.keys()]))
    await ledger.updateSaid(key, (said) => ({
      facts: withFacts(said.facts, orders.get(key) ?? []) ?? said.facts,
      rejected: { ...said.rejected, ...rejected.get(key) },
    }))
  return new Map(stored.flat())
}

/** Who is worth a look now, and whose facts do not agree. */
async function touchedBy(
  { ledger, settings }: Pick<IngestDeps, 'ledger' | 'settings'>,
  { orders, heardOf }: Findings,
  stored: ReadonlyMap<string, ItemRecord>,
): Promise<{ payouts: readonly PayoutHint[]; problems: readonly string[] }> {
  const problems: string[] = []
  const payouts: PayoutHint[] = []
  for (const key of heardOf) {
    const order = await ledger.order(key)
    if (!isMade(order)) continue
    const said = await ledger.said(key)
    const found = orders.get(key) ?? []
    if (found.some(isDebit) && coverageOf(order, said) === 'none')
      problems.push(
        `What was booked for message ${order.messageId} is neither its total nor what is left of it; none of it counts.`,
      )
    for (const item of await touchedOf(order)) {
      payouts.push({ key: item.key, endToEndId: item.endToEndId, reference: item.endToEndId })
      const { contradiction } = judge({ item, order, said, settleOn: settings.settleOn })
      if (contradiction !== null) problems.push(`Payment ${item.endToEndId}: ${contradiction}. Ask the bank.`)
    }
  }
  return { payouts, problems }

  /** All payments of an order, where something was said about the whole of it. */
  async function touchedOf(order: Order): Promise<readonly ItemRecord[]> {
    if (!orders.has(order.key)) return [...stored.values()].filter(({ orderKey }) => orderKey === order.key)
    const items = await mapFew(await ledger.payments(order), ({ endToEndId }) => ledger.item(endToEndId))
    return items.filter((item) => item !== null)
  }
}

const isDebit = ({ kind }: Fact): boolean => kind === 'debit'
const isReturn = ({ kind }: Fact): boolean => kind === 'return'

const fewOf = (problems: readonly string[]): readonly string[] =>
  problems.length <= PROBLEMS_MAX
    ? problems
    : [...problems.slice(0, PROBLEMS_MAX), `… and ${problems.length - PROBLEMS_MAX} more.`]
