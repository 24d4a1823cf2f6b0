import { type History, runHistory } from './history'
import { MUTANTS } from './mutants'
import type { Mutant } from './process'
import { shrink } from './shrink'
import { simulate } from './simulate'

/** Goal: the simulator sees mistakes. Method: plant one at a time and see it broken within 2,500 histories. */
/** Fixed, for the rarest of them show once in some hundred histories, and by chance not at all in a thousand. */
const FIXED_SEED = 5_001
const SEED = Number(process.env.SIM_MUTANT_SEED ?? FIXED_SEED)
const HISTORIES_MAX = 2_500

/**
 * Of mistakes that take a while to show, the first of those histories that does: looked at first, and all of them where it
 * shows nothing any more. With a seed of one's own they are all searched.
 */
const SHOWS_AT: Readonly<Record<string, number>> = {
  'refusal-after-doubt-is-believed': 5_250,
  'missing-burn-ends-at-once': 5_044,
  'no-quiet-time': 5_044,
  'key-lives-for-ever': 5_028,
  'deferral-ends-doubt': 5_088,
  'payout-before-lock': 5_025,
  'resend-after-crash': 5_089,
  'no-lease-guard': 5_074,
  'lease-not-looked-at': 5_151,
  'cancel-ignores-doubt': 5_115,
  'mark-not-read': 5_058,
  'amount-not-compared': 5_404,
  'answered-before-stored': 5_113,
  'doubted-batch-is-dealt-anew': 5_045,
  'batch-is-not-frozen': 5_488,
  'person-is-believed-unasked': 7_138,
  'goes-on-while-stopped': 5_089,
  'watches-once-a-week': 5_044,
  'lease-counts-from-the-answer': 5_151,
  'desk-gives-back-what-is-in-doubt': 5_028,
  'silent-list-is-empty': 5_035,
  'items-after-the-place': 5_100,
  'judged-before-it-is-asked': 6_879,
}

/** @returns The first history in which it breaks a promise; none where that takes too many. */
async function search(mutant: Mutant): Promise<readonly History[]> {
  const known = SEED === FIXED_SEED ? SHOWS_AT[mutant.name] : undefined
  if (known !== undefined) {
    const { failed } = await simulate({ firstSeed: known, histories: 1, mutant })
    if (failed.length > 0) return failed
  }
  const { failed } = await simulate({
    ...{ firstSeed: SEED, histories: HISTORIES_MAX, mutant, stopsAtFirst: true },
  })
  return failed
}

describe('a simulated engine', () => {
  it.each(MUTANTS.map((mutant) => [mutant.believes, mutant] as const))(
    'that believes that %s breaks a promise',
    async (_believes, mutant) => {
      const failed = await search(mutant)
      expect({ mutant: mutant.name, caught: failed.length }).toEqual({ mutant: mutant.name, caught: 1 })
    },
    300_000,
  )

  it('that fails does so with fewer faults too, again and again', async () => {
    const mutant = MUTANTS.find(({ name }) => name === 'burn-timeout-is-failure')
    if (!mutant) throw new Error('There is no such mistake.')
    const [found] = await search(mutant)
    if (!found) throw new Error('The planted mistake was not found.')

    const smallest = await shrink(found, { mutant })
    expect(smallest.faults.length).toBeLessThanOrEqual(found.faults.length)
    const needed = smallest.schedule.split(',').filter((fault) => fault.length > 0)
    for (const fault of needed) {
      const schedule = needed.filter((other) => other !== fault).join(',')
      const without = await runHistory({ seed: found.seed, schedule, mutant })
      expect(without.violations[0]?.invariant).not.toBe(smallest.violations[0]?.invariant)
    }
    const again = await runHistory({ seed: found.seed, schedule: smallest.schedule, mutant })
    expect(again).toEqual(smallest)
    expect((await runHistory({ seed: found.seed, schedule: smallest.schedule })).violations).toEqual([])
  }, 120_000)
})
