import { runHistory } from './history'
import { shrink } from './shrink'
import { describeFailure, simulate } from './simulate'

/**
 * Goal: nobody is paid twice, no accepted withdrawal is lost, no balance stays locked without an answer, whatever
 * crashes, hangs, lies or comes late. Method: the real services on a virtual clock, with everything around them
 * simulated and every fault from a seed; the books are compared while it runs and when nothing happens any more.
 */
const SEED = Number(process.env.TEST_SEED)
const HISTORIES = Number(process.env.SIM_HISTORIES ?? 10_000)

describe('the simulated engine', () => {
  it(`keeps every promise in ${HISTORIES} histories (SIM_HISTORIES)`, async () => {
    const figures = await simulate({ firstSeed: SEED, histories: HISTORIES, stopsAtFirst: true })
    const [failed] = figures.failed
    if (failed) throw new Error(describeFailure(await shrink(failed)))

    // Without them it would have shown nothing.
    expect(figures.crashes).toBeGreaterThan(HISTORIES)
    for (const state of ['processed', 'canceled', 'conflict', 'in_review'])
      expect({ state, count: figures.states.get(state) ?? 0 }).not.toEqual({ state, count: 0 })
  }, 1_200_000)

  it('repeats a history exactly, from its seed and from its schedule', async () => {
    for (let seed = SEED; seed < SEED + 100; seed++) {
      const first = await runHistory({ seed })
      const second = await runHistory({ seed })
      const replayed = await runHistory({ seed, schedule: first.schedule })
      expect(second).toEqual(first)
      expect(replayed).toEqual(first)
    }
  }, 120_000)

  it('is a different history for another seed', async () => {
    const traces = new Set<number>()
    for (let seed = SEED; seed < SEED + 20; seed++) traces.add((await runHistory({ seed })).trace)
    expect(traces.size).toBe(20)
  })
})
