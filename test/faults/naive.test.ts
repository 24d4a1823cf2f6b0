import fs from 'node:fs'
import path from 'node:path'

import { createStore } from '../../src/db/store'
import type { ToolsLib } from '../../src/kit/tools-lib'
import type { PaymentProvider } from '../../src/ports/payment-provider'
import { sandboxProvider } from '../../src/providers/sandbox'
import { StatusCodeError } from '../../src/sandbox/status-code-error'
import { between, createGate, type Gate } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { listen } from '../helpers/listen'
import { silentLogger } from '../helpers/loggers'
import { BASE, IBAN, World } from '../helpers/world'
import { type Death, Mortal } from './crash'
import { createNaiveHandler, type NaivePayment, type NaiveRequest } from './naive-handler'

/**
 * Goal: show what the handler everybody writes first does to money, and that ours does not. Method: both get the
 * same fault, at the same wallet and the same bank; then the wallet's and the bank's books are read.
 */
interface Fault {
  readonly what: string
  readonly amount: number
  readonly provider?: (bench: Bench) => (provider: PaymentProvider) => PaymentProvider
  readonly toolsLib?: (toolsLib: ToolsLib) => ToolsLib
  /** The process dies there, and is started again. */
  readonly dies?: Death
  /** The client got no answer and asks again. */
  readonly asksTwice?: true
}

/** Where one handler meets one fault. */
interface Bench {
  readonly world: World
  readonly mortal: Mortal
  /** Reached by a call to the bank that is never answered. */
  readonly hung: Gate
}

type Verdict = 'correct' | 'paid twice' | 'locked for ever'

const FAULTS: readonly Fault[] = [
  { what: 'The bank pays, its answer times out', amount: 10.05 },
  { what: 'The bank pays, its answer is unreadable', amount: 10.14 },
  { what: 'The bank pays, settling the burn fails once', amount: 10, toolsLib: settlingFailsOnce },
  { what: 'The bank answers "pending"', amount: 10.02 },
  { what: 'The bank never answers', amount: 10, provider: hangingOnce },
  {
    what: 'The process dies before the bank is called',
    amount: 10,
    dies: { edge: 'provider: submit', when: 'before' },
  },
  {
    what: 'The process dies after the bank has paid',
    amount: 10,
    dies: { edge: 'provider: submit', when: 'after' },
  },
  { what: 'The client gets no answer and asks again', amount: 10, asksTwice: true },
  { what: 'The user cancels in the exchange while the bank pays', amount: 10, provider: canceledMeanwhile },
]

describe('under the same faults', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const rows: string[] = []

  it.each(FAULTS)(
    'the handler everybody writes first goes wrong, and ours does not: $what',
    async (fault) => {
      const naive = await underFault(database, fault, runNaive)
      const ours = await underFault(database, fault, runOurs)

      rows.push(`| ${fault.what} | **${naive}** | ${ours} |`)
      expect(ours).toBe('correct')
      expect(naive).not.toBe('correct')
    },
  )

  it('the README shows exactly this table', () => {
    const readme = fs.readFileSync(path.join(__dirname, '../../README.md'), 'utf8')
    expect(readme).toContain(rows.join('\n'))
  })
})

type Run = (bench: Bench, fault: Fault) => Promise<void>

async function underFault(database: TestDatabase, fault: Fault, run: Run): Promise<Verdict> {
  const world = await World.create(database)
  await run({ world, mortal: new Mortal(fault.dies ?? null), hung: createGate() }, fault)
  return verdictOn(world)
}

/** What a crash or a silent bank cuts off, nobody takes up again. */
async function runNaive(bench: Bench, fault: Fault): Promise<void> {
  const { world, mortal, hung } = bench
  const sandbox = sandboxProvider()
  await sandbox.open?.({
    documents: createStore(world.database).providerDocuments('sandbox'),
    clock: world.clock,
    random: world.random,
    logger: silentLogger,
  })
  const provider = mortal.provider(fault.provider?.(bench)(sandbox) ?? sandbox)
  const toolsLib = fault.toolsLib?.(world.kit.toolsLib) ?? world.kit.toolsLib
  const handle = createNaiveHandler(toolsLib, (id, asked) => payWith(provider, id, asked), world.random.newId)
  const asked = { userId: 1, currency: 'eur', amount: fault.amount, iban: IBAN }
  // Its caller gets an error page then; nobody looks at the money.
  const answered = handle(asked).catch(() => {})
  await Promise.race([answered, mortal.death, hung.reached])
  if (fault.asksTwice) await handle(asked)
}

async function runOurs(bench: Bench, fault: Fault): Promise<void> {
  const { world, mortal, hung } = bench
  await world.start({
    ...mortal.around(),
    provider: (provider) => mortal.provider(fault.provider?.(bench)(provider) ?? provider),
    ...(fault.toolsLib && { toolsLib: fault.toolsLib }),
  })
  const { url, close } = await listen(world.host())
  const ask = () =>
    fetch(`${url}${BASE}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.token()}`,
        'content-type': 'application/json',
        'idempotency-key': 'the-same-request',
      },
      body: JSON.stringify({ currency: 'eur', amount: fault.amount, bank_account: { iban: IBAN } }),
    })
  const answered = ask()
  answered.catch(() => {})
  await Promise.race([answered, mortal.death, hung.reached])
  if (hung.wasReached) {
    // The deadline passes, as it does for everybody who waits.
    await world.clock.advance(10_000)
    await answered
  }
  if (fault.asksTwice) await ask()
  // A dead process answers nobody: its client sees the connection break.
  close()
  await world.start({})
  await world.runToRest()
}

/** Reads the books of the bank and of the wallet. */
async function verdictOn(world: World): Promise<Verdict> {
  const paid = (await world.bank.executions()).length
  const ledger = (await world.kit.ledger()).map(({ kind }) => kind)
  const given = ledger.filter((kind) => kind === 'release').length
  const locks = ledger.filter((kind) => kind === 'lock').length
  if (paid + given > 1) return 'paid twice'
  if (locks > ledger.length - locks) return 'locked for ever'
  return 'correct'
}

/** A provider's client library, as one uses it first. */
async function payWith(
  provider: PaymentProvider,
  id: string,
  { amount, currency, iban }: NaiveRequest,
): Promise<NaivePayment> {
  const item = {
    key: id,
    endToEndId: id.replaceAll('-', ''),
    currency,
    amount: String(amount),
    destination: { method: 'BANK', iban } as const,
    statementText: '',
  }
  const outcome = await provider.submit({ key: id, currency, total: item.amount, items: [item] })
  if (outcome.kind === 'settled') return { status: 'success', transactionId: outcome.transactionId }
  return { status: outcome.kind === 'declined' ? 'failed' : 'pending' }
}

function settlingFailsOnce(toolsLib: ToolsLib): ToolsLib {
  let failed = false
  return {
    ...toolsLib,
    wallet: {
      ...toolsLib.wallet,
      updatePendingBurn(id, change) {
        if (!('status' in change) || failed) return toolsLib.wallet.updatePendingBurn(id, change)
        failed = true
        return Promise.reject(new StatusCodeError(502, 'Bad Gateway'))
      },
    },
  }
}

function hangingOnce({ hung }: Bench) {
  return between({ submit: (call, times) => (times === 1 ? hung.wait().then(call) : call()) })
}

/** The kit offers "cancel" for a burn that nobody has marked as being processed. */
function canceledMeanwhile({ world }: Bench) {
  return between({
    async submit(call) {
      const [burn] = await world.kit.wallet.burnsOf(1, null)
      if (burn && !burn.processing && !burn.waiting)
        await world.kit.wallet.updateBurn(burn.transaction_id, { dismissed: true })
      return call()
    },
  })
}
