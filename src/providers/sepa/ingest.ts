import { createHash } from 'node:crypto'

import type { Clock } from '../../ports/clock'
import type { DocumentPreview, Ingested, ProviderDocuments, ProviderFile } from '../../ports/payment-provider'
import { findBookings } from './find-bookings'
import { findStatuses } from './find-statuses'
import type { Findings } from './findings'
import { type ItemRecord, type Ledger, withFacts } from './ledger'
import { spokenOf, without } from './left-out'
import { isRejection } from './order-view'
import type { Pace } from './pace'
import { readReport } from './reader/read-report'
import type { Report } from './reader/report'
import { UnreadableReportError } from './reader/unreadable'
import type { SepaSettings } from './settings'
import { hintOf, touchedBy } from './touched'

interface IngestDeps {
  readonly ledger: Ledger
  readonly documents: ProviderDocuments
  readonly settings: SepaSettings
  readonly clock: Clock
  readonly pace: Pace
  /** So long after a file was made nobody may be looking for returns any more. */
  readonly returnWindowMs: number
}

/** A piece that is hashed within a few milliseconds. */
const HASHED_AT_ONCE = 1024 * 1024

export const reportBytesMax = ({ reportMbMax }: SepaSettings): number => reportMbMax * 1_000_000

/**
 * Takes in a bank's report. Every fact has an id of its own, so reading a report again, in full or after a crash
 * halfway, adds only what is missing. Its work grows with the report and with nothing else, and is done in turns.
 */
export function createIngest(deps: IngestDeps) {
  const { ledger, documents, settings, pace } = deps

  async function ingest(
    { content }: ProviderFile,
    leaveOut: ReadonlySet<string> = NOTHING,
  ): Promise<Ingested> {
    const reportId = await hashOf(content, pace)
    const report = await reportOrWhyNot(content)
    if ('unreadable' in report)
      return { documentId: reportId, isRepeated: false, payouts: [], problems: [report.unreadable] }

    const isRepeated = (await documents.read(`report/${reportId}`)) !== null
    const findings = await without(leaveOut, await find(report, reportId), deps)
    const stored = await store(ledger, findings, pace)
    const { payouts, questions, problems } = await touchedBy(findings, stored, deps)
    const sentences = [
      ...report.problems,
      ...(await otherContent(report, reportId)),
      ...problems,
      ...findings.problems,
      ...questions.map(({ message }) => message),
    ]
    // What was left out is still to be added.
    if (leaveOut.size === 0)
      await documents.create(`report/${reportId}`, { kind: report.kind, messageId: report.messageId })
    return { documentId: reportId, isRepeated, payouts, problems: sentences, questions }
  }

  async function reportOrWhyNot(content: Uint8Array): Promise<Report | { unreadable: string }> {
    try {
      return await readReport(content, reportBytesMax(settings), pace)
    } catch (error) {
      if (error instanceof UnreadableReportError) return { unreadable: error.message }
      throw error
    }
  }

  const find = (report: Report, reportId: string): Promise<Findings> =>
    report.kind === 'pain.002'
      ? findStatuses(ledger, report, { reportId, pace })
      : findBookings(ledger, report, { reportId, account: settings.debtorIban, pace })

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

  async function preview({ content }: ProviderFile): Promise<DocumentPreview> {
    const documentId = await hashOf(content, pace)
    const report = await reportOrWhyNot(content)
    if ('unreadable' in report) return { documentId, payouts: [] }
    const items = await spokenOf(await find(report, documentId), deps)
    return { documentId, payouts: items.map((item) => ({ ...hintOf(item), key: item.key })) }
  }

  return { ingest, preview }
}

const NOTHING: ReadonlySet<string> = new Set()

async function hashOf(content: Uint8Array, pace: Pace): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < content.length; at += HASHED_AT_ONCE) {
    hash.update(content.subarray(at, at + HASHED_AT_ONCE))
    await pace.pause()
  }
  return hash.digest('hex')
}

/** @returns The payments with facts of their own, as they are now. */
async function store(
  ledger: Ledger,
  { items, orders, heardOf }: Findings,
  pace: Pace,
): Promise<ReadonlyMap<string, ItemRecord>> {
  for (const key of heardOf) await ledger.hearOf(key)
  const rejected = new Map<string, Record<string, string>>()
  const written = await pace.map([...items], async ([endToEndId, found]) => {
    const item = await ledger.updateItem(endToEndId, (present) => {
      const facts = present && withFacts(present.facts, found)
      return facts && { ...present, facts }
    })
    if (item && found.some(isRejection)) {
      const ofOrder = rejected.get(item.orderKey) ?? {}
      ofOrder[endToEndId] = item.amount
      rejected.set(item.orderKey, ofOrder)
    }
    return item
  })
  // After the payments' own facts: a rejection that only the order knew of would be counted and not acted on.
  for (const key of new Set([...orders.keys(), ...rejected.keys()]))
    await ledger.updateSaid(key, (said) => ({
      ...said,
      facts: withFacts(said.facts, orders.get(key) ?? []) ?? said.facts,
      rejected: { ...said.rejected, ...rejected.get(key) },
    }))
  const stored = new Map<string, ItemRecord>()
  for (const item of written) {
    await pace.step()
    if (item) stored.set(item.endToEndId, item)
  }
  return stored
}
