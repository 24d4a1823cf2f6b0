import type { Difference } from '../../src/db/store'
import { AppError } from '../../src/errors'
import { isOfBooks } from './books-kinds'
import type { Chance } from './chance'
import type { World } from './history'
import { LAST_LOOK_MS } from './knobs'
import type { Books, MemoryBooks } from './memory-books'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** The pages Books and Differences of the desk, and who sits there. */
export class Desk {
  constructor(
    private readonly world: World,
    private readonly chance: Chance,
  ) {}

  /** Asks for runs, and answers what they have found: while things move, and when all is quiet. */
  plan(): void {
    const { knobs, timeline } = this.world
    for (const atMs of knobs.books?.askedAtMs ?? [])
      timeline.at(atMs, null, 'ask for a run', () => this.ask())
    const lastMs = knobs.faultsUntilMs + LAST_LOOK_MS
    const times = [this.chance.fraction() * knobs.faultsUntilMs, lastMs + 10 * MINUTE, lastMs + 20 * MINUTE]
    for (const atMs of times) {
      timeline.at(atMs, null, 'answer', () => this.answer())
      timeline.at(atMs + 5 * MINUTE, null, 'bring to an end', () => this.bringToAnEnd())
    }
  }

  /** The functions of the books, and who hears when a run is asked for. */
  heard({ functions }: Books): MemoryBooks {
    return {
      ...functions,
      ask: (run) => {
        const asked = functions.ask(run)
        if (asked) this.world.planter.askedFor(asked.id)
        return asked
      },
    }
  }

  /** Of all days there are; where one is going on, he comes back. */
  private ask(): void {
    const { world } = this
    const { books, store } = world
    const until = store.tables.at()
    const since = new Date(until.getTime() - DAY)
    const given = { slot: null, since, until, askedBy: 'operator:1', reason: 'a look' }
    if (books && !this.heard(books).ask(given))
      world.timeline.after(MINUTE, null, 'ask for a run', () => this.ask())
  }

  /** Takes in what was lost, and says of the rest that he has seen to it. */
  private answer(): void {
    const { functions } = this.world.store
    const open = functions
      .listDifferences({ isOpen: true, limit: 1_000 })
      .filter(({ kind }) => isOfBooks(kind))
    for (const question of open) if (this.chance.isLucky(0.6)) this.answerOne(question)
  }

  /** What was taken in stands as a contradiction: he looks where the money is, and says so. */
  private bringToAnEnd(): void {
    const { world } = this
    for (const id of world.checks.takenIn.keys()) {
      const row = world.store.tables.rows.get(id)
      const possible = row ? world.operator.possible(row) : []
      if (row && possible.length > 0 && this.chance.isLucky(0.8))
        world.operator.do(this.chance.pick(possible), row, false)
    }
  }

  private answerOne({ id, kind, withdrawalId }: Difference): void {
    const { world } = this
    const process = world.anyProcess()
    const said = { actor: 'operator:1', reason: 'It was looked into.' }
    if (kind === 'burn_without_row') {
      // He asks them all who has it; where nobody has, any will do.
      const having = world.banks.find((bank) => bank.payoutsOf(withdrawalId).length > 0)
      const { name: provider } = having ?? this.chance.pick(world.banks)
      process?.takeIn(id, { ...said, provider }).catch(refusedOrLost)
      return
    }
    process?.store.answerDifference({ id, by: said.actor, resolution: said.reason }).catch(refusedOrLost)
  }
}

/** Too late, or a process that died: what became of it is for the books to say. */
function refusedOrLost(error: unknown): void {
  if (!(error instanceof AppError) && !(error instanceof Error)) throw error
}
