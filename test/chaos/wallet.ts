/** The network behind a kit, as a process: holds balances, locks, settles, rejects, and is killed now and then. */
import type { Answer, Request } from './faulty-server'
import { serveFaulty } from './faulty-server'
import { seeded } from './random'
import { openTruthFile, readTruthFile } from './truth-file'
import { type Burn, CURRENCIES, fundedCents, WalletBooks, type WalletLine } from './wallet-books'

const [port, file, seed, faultRate] = process.argv.slice(2)
const books = new WalletBooks(fundedCents)
for (const line of readTruthFile<WalletLine>(String(file))) books.apply(line)
const truth = openTruthFile<WalletLine>(String(file))

serveFaulty({
  port: Number(port),
  random: seeded(Number(seed)),
  faultRate: Number(faultRate),
  gateOf: ({ method, path }) => `${method} ${path.slice(path.lastIndexOf('/') + 1)}`,
  handle,
})

async function handle(request: Request): Promise<Answer> {
  const name = `${request.method} ${request.path.slice(request.path.lastIndexOf('/') + 1)}`
  if (name === 'POST burn') return burn(request.body)
  if (name === 'PUT burn') return update(request.body)
  if (name === 'GET balance') return balance(Number(request.query.get('user_id')))
  if (name === 'GET withdrawals') return search(request.query)
  return { status: 404, body: { message: 'Not found' } }
}

/** In memory at once, so that the next request sees it; told only once it is on the disk. */
async function record(line: WalletLine): Promise<void> {
  books.apply(line)
  await truth.append(line)
}

const refusal = (message: string): Answer => ({ status: 400, body: { message } })
const toCents = (value: unknown): number => Math.round(Number(value ?? 0) * 100)

async function burn(body: Record<string, unknown>): Promise<Answer> {
  const id = String(body.transaction_id)
  const user = Number(body.user_id) - 1_000
  const currency = String(body.currency)
  const cents = toCents(body.amount)
  const fee = toCents(body.fee)
  if (body.status !== false) throw new Error('A burn that is final at once.')
  if (books.find(id)) return refusal('Transaction id already exists')
  if (books.available(user, currency) < cents + fee) return refusal('Insufficient balance')
  const n = books.burns.length
  await record({ op: 'burn', n, id, user, currency, cents, fee, at: Date.now() })
  return { status: 200, body: toRow(books.burns[n] as Burn) }
}

async function update(body: Record<string, unknown>): Promise<Answer> {
  await truth.flushed()
  const found = books.find(String(body.transaction_id))
  if (!found) return refusal('Withdrawal not found')
  if (found.state !== 'pending') return refusal('Withdrawal is already processed')
  const { n } = found
  const at = Date.now()
  if (body.status === true) {
    const given = body.updated_transaction_id
    const newId = typeof given === 'string' ? given : found.id
    await record({ op: 'settle', n, newId, at })
  } else if (body.rejected === true) await record({ op: 'reject', n, at })
  else if (body.processing === true) await record({ op: 'mark', n, at })
  return { status: 200, body: toRow(found) }
}

async function balance(networkUser: number): Promise<Answer> {
  await truth.flushed()
  const user = networkUser - 1_000
  const members = CURRENCIES.flatMap((currency) => {
    const available = books.available(user, currency) / 100
    return [
      [`${currency}_balance`, available],
      [`${currency}_available`, available],
    ]
  })
  return { status: 200, body: Object.fromEntries(members) as unknown }
}

async function search(query: URLSearchParams): Promise<Answer> {
  await truth.flushed()
  const found = books.find(String(query.get('transaction_id')))
  const data = found && found.user + 1_000 === Number(query.get('user_id')) ? [toRow(found)] : []
  return { status: 200, body: { count: data.length, data } }
}

const toRow = ({ n, id, user, currency, cents, fee, state, processing }: Burn) => ({
  id: n,
  transaction_id: id,
  user_id: user + 1_000,
  currency,
  amount: cents / 100,
  fee: fee / 100,
  status: state === 'settled',
  rejected: state === 'rejected',
  dismissed: false,
  processing,
  waiting: false,
  onhold: false,
})
