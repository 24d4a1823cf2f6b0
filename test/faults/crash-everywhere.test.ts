import express from 'express'

import type { StoredWithdrawal } from '../../src/db/store'
import { mayMove } from '../../src/domain/states'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { listen } from '../helpers/listen'
import { BASE, IBAN, World } from '../helpers/world'
import { Mortal } from './crash'

/**
 * Goal: a process that dies at any await neither pays twice nor loses a withdrawal nor leaves a balance locked.
 * Method: count the calls that leave the process while one withdrawal goes its whole way; then, for each of them,
 * die right before it and right after it, restart with empty memory, run to rest, and ask the bank, the wallet
 * and the journal.
 */
interface Way {
  readonly what: string
  readonly amount: string
  readonly paid: boolean
  /** What the client does after the request; both may be cut short by the crash. */
  readonly cancels?: boolean
}

const WAYS: readonly Way[] = [
  { what: 'succeeds at once', amount: '10', paid: true },
  { what: 'is pending and then succeeds', amount: '10.02', paid: true },
  { what: 'is declined', amount: '10.03', paid: false },
  { what: 'times out after it was paid', amount: '10.05', paid: true },
  { what: 'times out before it was paid', amount: '10.06', paid: true },
  { what: 'is canceled by its user while it waits', amount: '10.04', paid: false, cancels: true },
]

describe.each(DATABASE_KINDS)('on %s, a process that dies anywhere in a withdrawal that', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  it.each(WAYS)(
    '$what leaves one outcome, and the burn agrees with it',
    async (way) => {
      const unharmed = new Mortal(null)
      await live(database, way, unharmed)
      expect(unharmed.names.length).toBeGreaterThan(15)

      for (const edge of edgesToDieAt(unharmed.names))
        for (const when of ['before', 'after'] as const) {
          const mortal = new Mortal({ edge, when })
          await live(database, way, mortal)
        }
    },
    180_000,
  )
})

/** A doubt is looked at again and again, each time by the same calls: of each the first two and the last two. */
const REPETITIONS = 2
const edgesToDieAt = (names: readonly string[]): number[] =>
  names.flatMap((name, edge) => {
    const before = names.slice(0, edge).filter((other) => other === name).length
    const after = names.slice(edge + 1).filter((other) => other === name).length
    return before < REPETITIONS || after < REPETITIONS ? [edge] : []
  })

/** One life: boot, request, (crash, restart), rest. Then the books are compared. */
async function live(database: TestDatabase, way: Way, mortal: Mortal): Promise<void> {
  const world = await World.create(database, { isStartedLater: true })
  const host = express()
  host.use((req, res, next) => world.app.router(req, res, next))
  const { url, close } = await listen(host)

  let acknowledged: string | null = null
  const client = async () => {
    await world.start(mortal.around())
    acknowledged = await use(url, world, way)
    await world.runToRest(60_000)
    return 'nowhere'
  }
  // A dead process answers nobody, so its client hangs until the connection is cut.
  const where = await Promise.race([client(), mortal.death])
  close()

  await world.start({})
  await world.runToRest(60_000)
  await world.bank.fund()
  await world.runToRest()
  await checkBooks(world, way, { where, acknowledged })
}

async function use(url: string, world: World, { amount, cancels }: Way): Promise<string | null> {
  const send = async (path: string, body: unknown) => {
    const answer = await fetch(`${url}${BASE}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await answer.json()) as { id?: string }
  }
  const { id } = await send('', { currency: 'eur', amount, bank_account: { iban: IBAN } })
  if (cancels && id !== undefined) await send(`/${id}/cancel`, {})
  return id ?? null
}

async function checkBooks(
  world: World,
  { paid, amount, cancels }: Way,
  { where, acknowledged }: { where: string; acknowledged: string | null },
): Promise<void> {
  const rows = await Promise.all((await world.rows()).map(({ id }) => world.row(id)))
  const executions = await world.bank.executions()
  const ledger = (await world.kit.ledger()).map(({ kind }) => kind)
  const facts = { where, states: rows.map(({ state }) => state), paid: executions.length, ledger }
  if (acknowledged !== null) expect(rows.map(({ id }) => id)).toContain(acknowledged)

  // A crash before the row is durable leaves nothing at all.
  if (rows.length === 0) {
    expect({ ...facts, balance: await world.balance() }).toEqual({
      where,
      states: [],
      paid: 0,
      ledger: [],
      balance: { available: 10_000, locked: 0 },
    })
    return
  }
  // A cancel that the crash cut short before it was stored leaves a withdrawal that goes on, and is paid.
  const isPaid = paid || (cancels === true && rows[0]?.state === 'processed')
  expect(facts).toEqual({
    where,
    states: [isPaid ? 'processed' : 'canceled'],
    paid: isPaid ? 1 : 0,
    ledger: ['lock', isPaid ? 'settle' : 'release'],
  })
  expect(await world.balance()).toEqual({ available: 10_000 - (isPaid ? Number(amount) : 0), locked: 0 })
  for (const row of rows) await checkJournal(world, row)
}

/** The chain is unbroken: dense numbers, each entry starts where the last one ended, every step is legal. */
async function checkJournal(world: World, row: StoredWithdrawal): Promise<void> {
  const journal = await world.journal(row.id)
  expect(journal.map(({ seq }) => seq)).toEqual(journal.map((_entry, index) => index + 1))
  expect(journal.at(-1)).toMatchObject({ to: row.state, seq: row.version })
  journal.slice(1).forEach((entry, index) => {
    expect(entry.from).toBe(journal[index]?.to)
    expect(mayMove(entry.from ?? row.state, entry.to)).toBe(true)
  })
}
