import { add, isLess, sameAmount } from '../../domain/money'
import { type Findings, knownItems, noFindings, noteItem, noteOrder, noteQuestion, shown } from './findings'
import { type Fact, isMade, type ItemRecord, type Ledger, type Order, type UnclearSaid } from './ledger'
import { messageIdOfPayments } from './message-id'
import type { Pace } from './pace'
import type { Entry, Movement, Source } from './reader/report'

interface Reading {
  readonly source: Source
  readonly reportId: string
  readonly items: ReadonlyMap<string, ItemRecord>
  /** By message id and payment block id. */
  readonly orders: ReadonlyMap<string, Order>
  readonly findings: Findings
  /** By statement of the document: how often the same booking of the same payment was seen in it. */
  readonly repeats: Map<number, Map<string, number>>
  readonly pace: Pace
}

/** Finds our payments and files in the bookings of a statement or notification. Everything else is left alone. */
export async function findBookings(
  ledger: Ledger,
  { kind, entries }: { kind: Source; entries: readonly Entry[] },
  { reportId, account, pace }: { reportId: string; account: string; pace: Pace },
): Promise<Findings> {
  const findings = noFindings()
  const ours = entries.filter(({ whole }) => whole.account === account)
  if (ours.length < entries.length)
    findings.problems.push('It holds bookings of an account that is not the one payments are made from.')
  const { ids, fileIds } = await namedIn(ours, pace)
  const reading: Reading = {
    source: kind,
    reportId,
    items: await knownItems(ledger, ids, pace),
    orders: await knownOrders(ledger, fileIds, pace),
    findings,
    repeats: new Map(),
    pace,
  }
  for (const entry of ours) await readEntry(entry, reading)
  return findings
}

/** Every reference that a booking, or a part of one, gives. */
async function namedIn(entries: readonly Entry[], pace: Pace) {
  const ids = new Set<string>()
  const fileIds = new Set<string>()
  for (const { whole, parts } of entries)
    for (const move of [whole, ...parts]) {
      await pace.step()
      for (const id of move.ids) ids.add(id)
      for (const id of move.fileIds) fileIds.add(id)
    }
  return { ids, fileIds }
}

async function knownOrders(
  ledger: Ledger,
  ids: Iterable<string>,
  pace: Pace,
): Promise<ReadonlyMap<string, Order>> {
  const known = new Map<string, Order>()
  await pace.map([...ids], async (id) => {
    const key = await ledger.orderKeyOf(messageIdOfPayments(id))
    const order = key === null ? null : await ledger.order(key)
    if (isMade(order)) known.set(id, order)
  })
  return known
}

async function readEntry({ statement, whole, parts }: Entry, reading: Reading): Promise<void> {
  const repeats = reading.repeats.get(statement) ?? new Map<string, number>()
  reading.repeats.set(statement, repeats)
  const order = orderOf(whole, reading)
  const strangers: Movement[] = []
  let matched = 0
  for (const move of await withAmounts(whole, parts.length === 0 ? [whole] : parts, reading)) {
    await reading.pace.step()
    if (itemOf(move, reading) === null) strangers.push(move)
    else {
      matched++
      readMovement(move, reading, repeats)
    }
  }
  if (matched === 0) readWhole(whole, reading, repeats)
  // Then it is read as the file's own. Beside parts that are known it is nobody's.
  if (matched === 0 && order) return
  for (const { ids, amount, date, bankReference } of strangers.filter(({ isReturn }) => isReturn))
    reading.findings.problems.push(
      `A return of ${amount ?? 'an unknown amount'} on ${date ?? 'an unknown day'} (${shown(ids[0] ?? bankReference)}) fits no payment.`,
    )
}

const itemOf = ({ ids }: Movement, { items }: Reading): ItemRecord | null =>
  ids.map((id) => items.get(id)).find((item) => item !== undefined) ?? null

const orderOf = ({ fileIds }: Movement, { orders }: Reading): Order | null =>
  fileIds.map((id) => orders.get(id)).find((order) => order !== undefined) ?? null

/** Some banks give one amount for all parts. It counts where it is what the parts were sent for. */
async function withAmounts(whole: Movement, parts: readonly Movement[], reading: Reading) {
  if (parts.every(({ amount }) => amount !== null) || whole.amount === null) return parts
  const filled: Movement[] = []
  let total = '0'
  for (const part of parts) {
    await reading.pace.step()
    const amount = part.amount ?? itemOf(part, reading)?.amount
    if (amount === undefined) return parts
    total = add(total, amount)
    filled.push({ ...part, amount, currency: part.currency ?? 'EUR' })
  }
  return sameAmount(total, whole.amount) ? filled : parts
}

function readMovement(move: Movement, reading: Reading, repeats: Map<string, number>): void {
  const item = itemOf(move, reading)
  // What the bank charges for a payment names the payment, and is not it.
  if (!item || move.isCharge) return
  const { findings } = reading
  if (move.direction === 'credit' && !move.isReturn) {
    noteQuestion(
      findings,
      item,
      `a credit of ${amountOf(move)} names it and is not called a return; it was left out`,
    )
    return
  }
  noteItem(findings, item, factOf(move, item.endToEndId, { reading, repeats }))
}

/** A booking of a whole file, without its parts. */
function readWhole(whole: Movement, reading: Reading, repeats: Map<string, number>): void {
  const order = orderOf(whole, reading)
  if (!order || whole.isCharge) return
  const fact = factOf(whole, order.key, { reading, repeats })
  if (fact.kind !== 'return') return noteOrder(reading.findings, order.key, fact)
  const { id, reportId } = fact
  const why = `the bank has sent ${amountOf(whole)} back for its whole file and has not said for which payments`
  noteOrder(reading.findings, order.key, {
    kind: 'unclear',
    about: 'return',
    id,
    reportId,
    why,
    date: whole.date,
  })
}

const amountOf = ({ amount, currency }: Movement): string =>
  `${amount ?? 'an unknown amount'} ${currency ?? ''}`.trim()

function factOf(
  move: Movement,
  target: string,
  { reading, repeats }: { reading: Reading; repeats: Map<string, number> },
): Fact {
  const { source, reportId } = reading
  const kind = move.direction === 'credit' ? 'return' : 'debit'
  const { amount, reasons, bankReference, date } = move
  // With an id of its own: a corrected report may say the same booking clearly.
  const unclear = (about: UnclearSaid['about'], why: string): Fact => {
    const id = factId(move, `${source}|unclear ${about}|${target}`, repeats)
    return { kind: 'unclear', about, id, reportId, why, date }
  }
  if (move.direction === null)
    return unclear(
      'debit',
      `the bank has booked ${amountOf(move)} and does not say whether it left or came back`,
    )
  if (kind === 'debit' && move.isReversal)
    return unclear('reversal', `the bank has taken back a booking of it (${amountOf(move)})`)
  if (amount === null || !isLess('0', amount) || move.currency !== 'EUR')
    return unclear(kind, `the bank has booked a ${kind} of ${amountOf(move)}, which is no amount in EUR`)
  const id = factId(move, `${source}|${kind}|${target}`, repeats)
  return { kind, id, reportId, source, amount, reasons, bankReference, date }
}

/**
 * The same booking has the same id in every copy of a report: the bank's reference, or else day and amount, and its
 * place among those that look alike within one statement. Several statements of one document may have it, as several
 * documents may.
 */
function factId(move: Movement, prefix: string, repeats: Map<string, number>): string {
  const base = `${prefix}|${move.bankReference ?? `${move.date}|${move.amount}`}`
  const repeat = repeats.get(base) ?? 0
  repeats.set(base, repeat + 1)
  return `${base}|${repeat}`
}
