import { createBooksStore } from '../../../src/db/books'
import { createStore } from '../../../src/db/store'
import type { TestDatabase } from '../../helpers/databases'
import { World, type WorldOptions } from '../../helpers/world'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export interface Found {
  readonly id: string
  readonly kind: string
  readonly withdrawal_id: string
  readonly detail: Readonly<Record<string, unknown>>
}

export interface Run {
  readonly id: string
  readonly state: string
  readonly agrees: boolean
  readonly differences: Readonly<Record<string, number>>
  readonly problems: readonly string[]
  readonly not_listed: readonly string[]
  readonly withdrawals: number
  readonly lists: readonly { list: string; of: string; count: number; whole: boolean }[]
}

/** A world whose books are a few hours old, so that nothing in them is moving still. */
export async function books(database: TestDatabase, options: WorldOptions = {}) {
  // Nobody asks by the day: a test asks for what it wants to see.
  const world = await World.create(database, { ...options, config: { reconcileDays: 0, ...options.config } })
  const store = createStore(database)
  return {
    world,
    store,
    /** Holds the books against the others, from start to end. */
    async reconciled(range: Record<string, unknown> = {}): Promise<Run> {
      await world.clock.advance(2 * HOUR_MS)
      const { body } = await world
        .operate('/admin/reconciliation', { reason: 'a look', ...range })
        .expect(202)
      await worked(world)
      return (await world.see(`/admin/reconciliation/${String(body.id)}`).expect(200)).body as Run
    },
    found: async (): Promise<readonly Found[]> =>
      (await world.see('/admin/differences').expect(200)).body.data as Found[],
  }
}

/** What is due, whoever began it. */
export async function worked(world: World): Promise<void> {
  for (let looks = 0; looks < 100; looks++) {
    await world.app.reconciliation().work()
    const [latest] = await createBooksStore(world.database).list(1)
    if (latest?.state !== 'running') return
    await world.clock.advance(10 * 60_000)
  }
  throw new Error('The reconciliation does not come to an end.')
}
