import { sameAmount, sum } from '../../domain/money'
import { mapFew } from '../../runtime/parallel'
import { type Findings, knownItems, noFindings, noteItem, noteOrder, shown } from './findings'
import { type Fact, isMade, type ItemRecord, type Ledger, type Order } from './ledger'
import { messageIdOfPayments } from './message-id'
import type { Entry, Movement, Source } from './reader/report'

interface Reading {
  readonly source: Source
  readonly reportId: string
  readonly items: ReadonlyMap<string, ItemRecord>
  /** By message id and payment block id. */
  readonly orders: ReadonlyMap<string, Order>
  readonly findings: Findings
  /** How often the same booking of the same payment was seen in this report. */
  readonly repeats: Map<string, number>
}

/** Finds our payments and files in the bookings of a statement or notification. Everything else is left alone. */
export async function findBookings(
  ledger: Ledger,
  { kind, entries }: { kind: Source; entries: readonly Entry[] },
  { reportId, account }: { reportId: string; account: string },
): Promise<Findings> {
  const findings = noFindings()
  const ours = entries.filter(({ whole }) => whole.account === account)
  if (ours.length < entries.length)
    findings.problems.push('It holds bookings of an account that is not the one payments are made from.')
  const moves = ours.flatMap(({ whole, parts }) => [whole, ...parts])
  const reading: Reading = {
    source: kind,
    reportId,
    items: await knownItems(
      ledger,
      moves.flatMap(({ ids }) => ids),
    ),
    orders: await knownOrders(
      ledger,
      moves.flatMap(({ fileIds }) => fileIds),
    ),
    findings,
    repeats: new Map(),
  }
  for (const entry of ours) readEntry(entry, reading)
  return findings
}

async function knownOrders(ledger: Ledger, ids: readonly string[]): Promise<ReadonlyMap<string, Order>> {
  const found = await mapFew([...new Set(ids)], async (id) => {
    const key = await ledger.orderKeyOf(messageIdOfPayments(id))
    const order = key === null ? null : await ledger.order(key)
    return isMade(order) ? ([[id, order]] as const) : []
  })
  return new Map(found.flat())
}

function readEntry({ whole, parts }: Entry, reading: Reading): void {
  const moves = withAmounts(whole, parts.length === 0 ? [whole] : parts, reading)
  const matched = moves.filter((move) => itemOf(move, reading) !== null)
  for (const move of matched) readMovement(move, reading)
  if (matched.length === 0) readWhole(whole, reading)
  for (const move of moves)
    if (move.isReturn && !matched.includes(move) && !orderOf(whole, reading))
      reading.findings.problems.push(
        `A return of ${move.amount ?? 'an unknown amount'} on ${move.date ?? 'an unknown day'} (${shown(move.ids[0] ?? move.bankReference)}) fits no payment.`,
      )
}

const itemOf = ({ ids }: Movement, { items }: Reading): ItemRecord | null =>
  ids.map((id) => items.get(id)).find((item) => item !== undefined) ?? null

const orderOf = ({ fileIds }: Movement, { orders }: Reading): Order | null =>
  fileIds.map((id) => orders.get(id)).find((order) => order !== undefined) ?? null

/** Some banks give one amount for all parts. It counts where it is what the parts were sent for. */
function withAmounts(whole: Movement, parts: readonly Movement[], reading: Reading): readonly Movement[] {
  if (parts.every(({ amount }) => amount !== null) || whole.amount === null) return parts
  const amounts = parts.map((part) => part.amount ?? itemOf(part, reading)?.amount ?? null)
  if (amounts.includes(null) || !sameAmount(sum(amounts.map((amount) => amount ?? '0')), whole.amount))
    return parts
  return parts.map((part, at) => ({ ...part, amount: amounts[at] ?? null, currency: part.currency ?? 'EUR' }))
}

function readMovement(move: Movement, reading: Reading): void {
  const item = itemOf(move, reading)
  // What the bank charges for a payment names the payment, and is not it.
  if (!item || move.isCharge) return
  const { findings } = reading
  if (move.direction === 'credit' && !move.isReturn) {
    findings.problems.push(
      `A credit names payment ${item.endToEndId} and is not called a return; it was left out.`,
    )
    return
  }
  noteItem(findings, item, factOf(move, item.endToEndId, reading))
}

/** A booking of a whole file, without its parts. */
function readWhole(whole: Movement, reading: Reading): void {
  const order = orderOf(whole, reading)
  if (!order || whole.isCharge) return
  const fact = factOf(whole, order.key, reading)
  if (fact.kind !== 'return') return noteOrder(reading.findings, order.key, fact)
  const why = 'the bank has sent money back for its whole file and has not said for which payments'
  noteOrder(reading.findings, order.key, { kind: 'unclear', id: fact.id, reportId: fact.reportId, why })
}

function factOf(move: Movement, target: string, reading: Reading): Fact {
  const { source, reportId } = reading
  const kind = move.direction === 'debit' ? 'debit' : 'return'
  const id = factId(move, `${source}|${kind}|${target}`, reading)
  if (move.amount === null || move.currency !== 'EUR')
    return { kind: 'unclear', id, reportId, why: 'the bank has booked it without an amount in EUR' }
  if (kind === 'debit' && move.isReversal)
    return { kind: 'unclear', id, reportId, why: 'the bank has taken back a booking of it' }
  const { amount, reasons, bankReference, date } = move
  return { kind, id, reportId, source, amount, reasons, bankReference, date }
}

/**
 * The same booking has the same id in every copy of a report: the bank's reference, or else day and amount, and its
 * place among those that look alike within one report.
 */
function factId(move: Movement, prefix: string, { repeats }: Reading): string {
  const base = `${prefix}|${move.bankReference ?? `${move.date}|${move.amount}`}`
  const repeat = repeats.get(base) ?? 0
  repeats.set(base, repeat + 1)
  return `${base}|${repeat}`
}
