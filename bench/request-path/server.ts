/** One arm, served in a process of its own: `server.ts <arm> <database url> <token key in base64>`. */
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import type http from 'node:http'
import type { AddressInfo } from 'node:net'

import express, { type Express, type RequestHandler } from 'express'
import { body, validationResult } from 'express-validator'
import pg from 'pg'

import { createBankWithdrawals } from '../../src/index'
import { createNaiveHandler } from '../../test/faults/naive-handler'
import { createInstantKit, type InstantKit, userOf } from '../instant-kit'
import { type InstantProvider, instantProvider } from '../instant-provider'
import { type ArmName, isArm, PATH, type ServerFacts } from './arms'

const [arm = '', url = '', keyText = ''] = process.argv.slice(2)
const key = createSecretKey(Buffer.from(keyText, 'base64'))
const kit = createInstantKit({ key, otp: arm === 'limits' })
const provider = instantProvider()

/** What a competent developer writes first. */
const authenticate: RequestHandler = (req, res, next) => {
  const userId = userOf(key, req.headers.authorization)
  if (userId === null) return void res.status(401).json({ message: 'Access denied' })
  res.locals.userId = userId
  next()
}

const recordOf = (id: string, given: Record<string, unknown>) => ({
  id,
  currency: given.currency,
  amount: given.amount,
  fee: 0,
  method: 'BANK',
  ...(given.bank_account as object),
  status: 'pending',
  created_at: new Date().toISOString(),
})

function echo(app: Express): void {
  app.post(PATH, (req, res) => void res.json(recordOf(randomUUID(), req.body as Record<string, unknown>)))
}

function oneInsert(app: Express): void {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  app.post(
    PATH,
    authenticate,
    body('currency').isString().isLength({ min: 2, max: 10 }),
    body('amount').isFloat({ gt: 0 }),
    body('bank_account.iban').isString().isLength({ min: 15, max: 34 }),
    body('bank_account.account_holder').isString().isLength({ min: 1, max: 140 }),
    body('otp_code').optional().isString().isLength({ min: 6, max: 8 }),
    async (req, res) => {
      const problems = validationResult(req)
      if (!problems.isEmpty()) return void res.status(400).json({ errors: problems.array() })
      const given = req.body as Record<string, unknown>
      const id = randomUUID()
      await pool.query(
        `insert into plain_withdrawals (id, user_id, currency, amount, destination, status, created_at)
         values ($1, $2, $3, $4, $5, 'pending', now())`,
        [id, res.locals.userId, given.currency, given.amount, JSON.stringify(given.bank_account)],
      )
      return void res.json(recordOf(id, given))
    },
  )
}

function naive(app: Express): void {
  const handler = createNaiveHandler(
    kit.toolsLib,
    async (id, { currency, amount, iban }) => {
      const item = { key: id, endToEndId: id, currency, amount: String(amount), statementText: '' }
      const destination = { method: 'BANK' as const, iban }
      await provider.submit({ key: id, currency, total: String(amount), items: [{ ...item, destination }] })
      return { status: 'success', transactionId: id }
    },
    randomUUID,
  )
  app.post(PATH, authenticate, async (req, res) => {
    const given = req.body as { currency: string; amount: number; bank_account: { iban: string } }
    const { currency, amount, bank_account: account } = given
    await handler({ userId: res.locals.userId as number, currency, amount, iban: account.iban })
    res.json({ message: 'Success' })
  })
}

/** As a kit has them: a limit of open withdrawals, one-time codes, keys of requests, account data sealed. */
const LIMITS = {
  // Counted for each user as in a kit; as many as a benchmark sends.
  createsPerMinute: 10_000,
  codesPerMinute: 10_000,
  addressPerMinute: 1_000_000,
  maxOpenWithdrawals: 100,
  encryptionKeys: `bench:${randomBytes(32).toString('base64')}`,
}
const WITHOUT = { maxOpenWithdrawals: 0, createsPerMinute: 0, codesPerMinute: 0, addressPerMinute: 0 }

async function ours(app: Express, named: ArmName): Promise<void> {
  const plugin = createBankWithdrawals({
    toolsLib: kit.toolsLib,
    providers: [provider],
    database: { url },
    config: {
      mode: named === 'paying' ? 'immediate' : 'batch',
      // Batches leave at night: what is measured here is accepting.
      schedule: '0 3 1 1 *',
      ...(named === 'limits' ? LIMITS : WITHOUT),
    },
  })
  app.use(plugin.router)
  await plugin.start()
}

async function serve(named: ArmName): Promise<Express> {
  const app = express()
  if (named === 'accepting' || named === 'paying' || named === 'limits') {
    await ours(app, named)
    return app
  }
  app.use(express.json())
  if (named === 'bare') echo(app)
  if (named === 'jwt') {
    app.use(authenticate)
    echo(app)
  }
  if (named === 'insert') oneInsert(app)
  if (named === 'naive') naive(app)
  return app
}

const factsOf = (books: InstantKit, bank: InstantProvider): ServerFacts => {
  const { user, system } = process.cpuUsage()
  const { payouts, repeated } = bank.calls()
  const rssMb = process.memoryUsage().rss / 2 ** 20
  return { cpuMs: (user + system) / 1_000, rssMb, ...books.books(), payouts, paidTwice: repeated }
}

async function main(): Promise<void> {
  if (!isArm(arm)) throw new Error(`There is no arm ${arm}.`)
  const app = await serve(arm)
  const server: http.Server = app.listen(0, '127.0.0.1', () => {
    process.send?.({ port: (server.address() as AddressInfo).port })
  })
  process.on('message', () => process.send?.(factsOf(kit, provider)))
  process.on('disconnect', () => process.exit(0))
}

void main()
