import { inspect } from 'node:util'

import type { TestDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { IBAN, World, type WorldOptions } from '../helpers/world'
import { PASSWORD_HASH } from './fake-kit-state'
import { FakeNetwork } from './fake-network'
import { API_KEY } from './fake-network-client'
import { createFakeKit } from './fake-tools-lib'

const EXCHANGE_TIMEOUT_MS = 10_000

/** The whole plugin on a fake kit that speaks HTTP to a fake network, with 1,000 eur for user 1. */
export async function openEngineRig(database: TestDatabase, options: WorldOptions = {}) {
  const network = await FakeNetwork.listen()
  // Forgives nothing: an id that is used twice is two burns.
  network.books.repeatedBurn = 'burns_again'
  network.books.fund(1001, 'eur', '1000')
  const kit = createFakeKit(network.url)
  kit.state.issuer = 'sandbox-kit'
  const logger = recordingLogger()
  const around = { toolsLib: () => kit.toolsLib }
  const world = await World.create(database, { ...options, logger, around })
  // Nobody waits for a call that hangs: time goes on until its deadline.
  network.onHang = () => void world.clock.advance(EXCHANGE_TIMEOUT_MS)

  /** A request may answer while its withdrawal is still on its way; stopping waits for that. */
  async function withdraw(amount: string): Promise<string> {
    const { body } = await world.withdraw(amount).expect(200)
    await world.app.stop()
    await world.start()
    return body.id as string
  }

  return {
    network,
    books: network.books,
    kit,
    world,
    withdraw,
    async withdrawToRest(amount: string): Promise<string> {
      const id = await withdraw(amount)
      await world.runToRest()
      return id
    },
    /** Every test ends here: what was meant to fail did, and nothing secret was left lying about. */
    async close(): Promise<void> {
      await network.close()
      expect(network.unmetFaults).toBe(0)
      const journal = await database.query('select * from bank_withdrawal.journal')
      const left = inspect([logger.lines, journal], { depth: Infinity, maxStringLength: Infinity })
      const signatures = network.requests.map(({ headers }) => String(headers['api-signature']))
      for (const secret of [API_KEY, 'api-key', ...signatures, PASSWORD_HASH, IBAN])
        expect(left).not.toContain(secret)
    },
  }
}

export type EngineRig = Awaited<ReturnType<typeof openEngineRig>>

export async function expectPaid({ world, books }: EngineRig, id: string, amount: string): Promise<void> {
  expect((await world.row(id)).state).toBe('processed')
  expect(await world.bank.executions()).toHaveLength(1)
  expect(books.burns).toMatchObject([{ amount: Number(amount), status: true, rejected: false }])
  expect(books.balanceOf(1001, 'eur')).toEqual({ available: 1000 - Number(amount), locked: 0 })
  expect(books.isConserved('eur')).toBe(true)
}

export async function expectGivenBack({ world, books }: EngineRig, id: string): Promise<void> {
  expect((await world.row(id)).state).toBe('canceled')
  expect(await world.bank.executions()).toHaveLength(0)
  expect(books.burns).toMatchObject([{ transaction_id: id, status: false, rejected: true }])
  expect(books.balanceOf(1001, 'eur')).toEqual({ available: 1000, locked: 0 })
  expect(books.isConserved('eur')).toBe(true)
}
