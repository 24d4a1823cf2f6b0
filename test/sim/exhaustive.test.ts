import { SETUPS, walk } from './exhaustive'
import { MUTANTS } from './mutants'

/**
 * Goal: in the small nothing is left to chance. Method: schedules with one fault, an even part of each
 * walk; all of them, and those with two, take minutes and hours, and `npm run sim -- --exhaustive` does that by hand.
 */
const PARTS = [4, 4, 12, 32]

describe('one withdrawal, or a batch of two', () => {
  it.each(SETUPS.map((setup, index) => [setup.name, setup, PARTS[index] ?? 1] as const))(
    'keeps every promise whatever single fault or order there is: %s',
    async (_name, setup, of) => {
      const walked = await walk({ setup, faultsMax: 1, part: { number: 0, of } })
      expect(walked.failed).toEqual([])
      // Without them it would have shown nothing.
      expect(walked.histories[1]).toBeGreaterThan(40)
    },
    300_000,
  )

  it.each(['payout-timeout-is-failure', 'settle-timeout-is-success'])(
    'breaks a promise under one fault with the mistake %s',
    async (name) => {
      const mutant = MUTANTS.find((known) => known.name === name) ?? null
      const [setup] = SETUPS
      if (!setup) throw new Error('There is nothing to walk.')
      const { failed } = await walk({ setup, faultsMax: 1, mutant, stopsAtFirst: true })
      expect({ name, found: failed.length }).toEqual({ name, found: 1 })
    },
    300_000,
  )
})
