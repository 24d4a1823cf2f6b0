import express from 'express'

import { isOpen } from '../../src/domain/states'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { listen } from '../helpers/listen'
import { BASE, IBAN, World } from '../helpers/world'
import { Mortal } from './crash'

/**
 * Goal: after a crash what had been done is finished at once, and only what had not been done is waited for. Method:
 * die before each call that leaves the process, start again on the same embedded database, move the clock five
 * seconds on, and compare with what the wallet and the bank say was done. The table it prints is the one in
 * docs/evidence/recovery.md.
 */
const SECOND_MS = 1_000
const LOOKED_AT_MS = 5 * SECOND_MS

interface Life {
  readonly where: string
  readonly state: string
  /** The call that was cut off had no effect: it may still have one, so nothing is concluded. */
  readonly isUndone: boolean
  readonly openAfterLook: boolean
  readonly calls: { readonly burns: number; readonly payouts: number }
  readonly callsBeforeQuiet: { readonly burns: number; readonly payouts: number }
  readonly seconds: number
  readonly end: string
}

describe.each([false, true])('a process that dies, where ids are kept unique: %p', (uniqueTransactionIds) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PGlite')
  })
  afterAll(() => database.close())

  it('is finished for within 5 seconds, but for a call that may still take effect', async () => {
    const unharmed = new Mortal(null)
    await die(unharmed)
    const lives: Life[] = []
    for (let edge = 0; edge < unharmed.names.length; edge++) {
      const life = await die(new Mortal({ edge, when: 'before' }))
      if (life) lives.push(life)
    }
    process.stdout.write(`${tableOf(lives).join('\n')}\n`)

    for (const life of lives) {
      // Where the network keeps ids unique a second burn cannot lock twice, and is asked for at once.
      const waits = life.isUndone && !(uniqueTransactionIds && life.state === 'requested')
      expect({ ...life, waits }).toMatchObject({ waits, openAfterLook: waits, end: 'processed' })
      if (waits) expect(life).toMatchObject({ callsBeforeQuiet: { burns: 0, payouts: 0 } })
    }
    // The look is worth something only where both happen.
    expect(new Set(lives.map(({ isUndone }) => isUndone))).toEqual(new Set([true, false]))
  }, 180_000)

  /** @returns null where the process died before there was anything to recover. */
  async function die(mortal: Mortal): Promise<Life | null> {
    const world = await World.create(database, { config: { uniqueTransactionIds } })
    const host = express()
    host.use((req, res, next) => world.app.router(req, res, next))
    const { url, close } = await listen(host)
    const client = async () => {
      await world.start(mortal.around())
      const answer = await fetch(`${url}${BASE}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${world.token()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ currency: 'eur', amount: '10', bank_account: { iban: IBAN } }),
      })
      await answer.text()
      return 'nowhere'
    }
    const where = await Promise.race([client(), mortal.death])
    close()
    const [row] = await world.rows()
    if (!row || !isOpen((await world.row(row.id)).state)) return null
    return recovered(world, where, row)
  }

  async function recovered(world: World, where: string, row: { id: string; state: string }): Promise<Life> {
    const calls = { burns: 0, payouts: 0 }
    const burns = (await world.kit.ledger()).length
    const payouts = (await world.bank.executions()).length
    const isUndone =
      (row.state === 'requested' && burns === 0) || (row.state === 'submitting' && payouts === 0)
    await world.start({
      exchange: (exchange) => ({
        ...exchange,
        placeHold: (hold) => (calls.burns++, exchange.placeHold(hold)),
      }),
      provider: (provider) => ({ ...provider, submit: (order) => (calls.payouts++, provider.submit(order)) }),
    })
    const startedAtMs = world.clock.monotonicMs()
    const work = async () => {
      while ((await world.engine.runner.tick()) > 0);
      return isOpen((await world.row(row.id)).state)
    }
    const isOpenAtOnce = await work()
    await world.clock.advance(LOOKED_AT_MS)
    const openAfterLook = await work()

    // A lease of 90 seconds, taken with the intent or renewed since, and 120 of quiet.
    const quietAtMs = startedAtMs + 210 * SECOND_MS
    let endedAtMs = isOpenAtOnce ? world.clock.monotonicMs() : startedAtMs
    let callsBeforeQuiet = { ...calls }
    for (let isStillOpen = openAfterLook; isStillOpen; isStillOpen = await work()) {
      if (world.clock.monotonicMs() < quietAtMs) callsBeforeQuiet = { ...calls }
      await world.clock.advance(LOOKED_AT_MS)
      endedAtMs = world.clock.monotonicMs()
    }
    const [last] = await world.rows()
    return {
      ...{ where, state: row.state, isUndone, openAfterLook, calls, callsBeforeQuiet },
      seconds: (endedAtMs - startedAtMs) / SECOND_MS,
      end: String(last?.state),
    }
  }
})

const tableOf = (lives: readonly Life[]): string[] => [
  'dies in     seconds  where',
  ...lives.map(({ state, seconds, where }) =>
    [state.padEnd(11), String(seconds).padStart(7), ` ${where.slice(0, 90)}`].join(' '),
  ),
]
