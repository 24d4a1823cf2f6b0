/** The bank, as a process: takes payouts by key, decides some of them at once and some later. */
import { type BankLine, fateOf, type Taken } from './bank-books'
import type { Answer, Request } from './faulty-server'
import { serveFaulty } from './faulty-server'
import { seeded } from './random'
import { openTruthFile, readTruthFile } from './truth-file'

interface OrderItem {
  readonly key: string
  readonly amount: string
  readonly iban: string
}

const [port, file, seed, faultRate, declinedPercent] = process.argv.slice(2)
const taken = new Map<string, Taken>()
for (const line of readTruthFile<BankLine>(String(file))) if (line.op === 'taken') taken.set(line.key, line)
const truth = openTruthFile<BankLine>(String(file))

serveFaulty({
  port: Number(port),
  random: seeded(Number(seed)),
  faultRate: Number(faultRate),
  gateOf: ({ path }) => path,
  handle,
})

async function handle({ path, body, query }: Request): Promise<Answer> {
  if (path === '/orders') return order(body)
  if (path !== '/payouts') return { status: 404, body: {} }
  await truth.flushed()
  return { status: 200, body: { payout: show(String(query.get('key'))) } }
}

async function order(body: Record<string, unknown>): Promise<Answer> {
  const items = body.items as OrderItem[]
  const written = items.flatMap((item) => takeItem(String(body.key), String(body.currency), item))
  await Promise.all(written.map((line) => truth.append(line)))
  return { status: 200, body: { payouts: items.map(({ key }) => show(key)) } }
}

function takeItem(orderKey: string, currency: string, { key, amount, iban }: OrderItem): BankLine[] {
  const at = Date.now()
  const heard: BankLine = { op: 'heard', key, order: orderKey, at }
  const known = taken.get(key)
  if (known) {
    const same = known.amount === amount && known.currency === currency && known.iban === iban
    return same ? [heard] : [heard, { op: 'mismatch', key, at }]
  }
  const fate = fateOf(key, at, Number(declinedPercent))
  const line: Taken = { op: 'taken', key, order: orderKey, amount, currency, iban, ...fate, at }
  taken.set(key, line)
  return [heard, line]
}

function show(key: string): unknown {
  const line = taken.get(key)
  if (!line) return null
  const status = Date.now() < line.finalAt ? 'open' : line.outcome
  return { key, reference: `ref-${key}`, transactionId: `tx-${key}`, amount: line.amount, status }
}
