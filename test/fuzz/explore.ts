import { mutate, randomFrom } from './mutate'
import type { Target } from './target'

export interface Exploration {
  readonly runs: number
  /** Inputs that went where none had been before. */
  readonly kept: readonly Uint8Array[]
  /** Branches, functions and statements reached, where somebody counts them. */
  readonly reached: number
  readonly failures: readonly Failure[]
}

export interface Failure {
  readonly input: Uint8Array
  readonly why: string
}

export interface Explorer {
  readonly seed: number
  /** Whether to go on. */
  readonly goesOn: (runs: number) => boolean
  /** Counters of what ran since the last call, which it sets back; empty where nobody counts. */
  readonly counted: () => readonly number[]
}

/** A single document longer than this has found a quadratic loop. */
const SLOW_MS = 2_000
const FAILURES_MAX = 20
/** Once, a few times, often: how often matters to a loop, and not exactly. */
const sizeOf = (count: number): number => (count > 3 ? Math.min(7, 2 + (31 - Math.clz32(count))) : count)

/** Makes bad documents from good ones, and keeps those that went a new way: they are the next to be changed. */
export async function explore(target: Target, { seed, goesOn, counted }: Explorer): Promise<Exploration> {
  const random = randomFrom(seed)
  const kept: Uint8Array[] = []
  const failures = new Map<string, Failure>()
  const known: number[] = []

  function isNew(): boolean {
    let found = false
    counted().forEach((count, at) => {
      const bit = 1 << sizeOf(count)
      if (count === 0 || ((known[at] ?? 0) & bit) !== 0) return
      known[at] = (known[at] ?? 0) | bit
      found = true
    })
    return found
  }

  async function run(input: Uint8Array): Promise<void> {
    const startedMs = performance.now()
    try {
      await target.run(input)
      if (performance.now() - startedMs > SLOW_MS) throw new Error('It took too long.')
    } catch (error) {
      const why = String((error as Error).stack ?? error)
      // One of a kind is enough to look at.
      const kind = why.split('\n').slice(0, 3).join('\n')
      if (!failures.has(kind)) failures.set(kind, { input, why })
    }
    if (isNew()) kept.push(input)
  }

  for (const input of target.seeds) {
    await run(input)
    if (!kept.includes(input)) kept.push(input)
  }
  let runs = target.seeds.length
  for (; goesOn(runs) && failures.size < FAILURES_MAX; runs++) {
    // The latest ones more often: what they have opened is not looked into yet.
    const at = random(2) === 0 ? kept.length - 1 - random(Math.min(kept.length, 20)) : random(kept.length)
    await run(mutate(kept[at] ?? new Uint8Array(), random, kept, target.words))
  }
  return { runs, kept, reached: known.filter((bits) => bits > 0).length, failures: [...failures.values()] }
}
