import type { BatchDraft, StateChange, Store, StoredWithdrawal } from '../db/store'
import type { ReasonCode } from '../domain/reasons'
import { mayBeMovedByPerson, mayMove, type State } from '../domain/states'
import type { WithdrawalPatch } from '../domain/withdrawal'
import type { Logger } from '../ports/logger'
import { type Meter, NO_METER } from '../ports/meter'

export interface Move {
  readonly to: State
  /** What happened, past tense: `payout.accepted`. */
  readonly event: string
  readonly next: StateChange['next']
  readonly patch?: WithdrawalPatch
  /** The payout is given up for another under a new key; what it was known by is remembered. */
  readonly retires?: StateChange['retires']
  /** Why, for people; a change without one clears the last. */
  readonly reasonCode?: ReasonCode | null
  /** Money leaves with it, or is made: not while everything is stopped. So does every move into `submitting`. */
  readonly leaves?: true
  /**
   * What it says is found out again where a crash of the database undoes it: its commit waits for no disk. Only where the
   * row rests afterwards, so that whoever acts on it claims it first.
   */
  readonly isFoundAgain?: true
  /** Redacted facts for the journal. */
  readonly detail?: Readonly<Record<string, unknown>>
}

export interface Mover {
  readonly actor: string
  /** null where a person acts. */
  readonly leaseOwner: string | null
}

/** A row as it was seen, and where it goes. */
export interface RowMove {
  readonly seen: StoredWithdrawal
  readonly move: Move
}

/**
 * Moves withdrawals along the table in domain/states.ts. The only code that writes `state`: row and journal entry
 * commit together or not at all. A row that has moved on since it was seen, or whose lease was lost, is not written
 * to, and whoever moved it goes on.
 */
export interface Transition {
  /** @returns null when the row has moved on. */
  (seen: StoredWithdrawal, move: Move, mover: Mover): Promise<StoredWithdrawal | null>
  /** One that has moved on meanwhile is left out. */
  many(moves: readonly RowMove[], mover: Mover): Promise<void>
  /** Moves into a new batch, which is stored with it. @returns The members; empty when none was left. */
  intoBatch(draft: BatchDraft, moves: readonly RowMove[], mover: Mover): Promise<readonly StoredWithdrawal[]>
  /** Notes that a batch is sent once more. @returns null when it or a member has moved on. */
  resendingBatch(
    batch: { id: string; attempts: number },
    moves: readonly RowMove[],
    mover: Mover,
  ): Promise<readonly StoredWithdrawal[] | null>
}

type Writes = Pick<Store, 'changeState' | 'changeStates' | 'freezeBatch' | 'freezeResend'>

interface TransitionDeps {
  readonly store: Writes
  readonly logger: Logger
  readonly meter?: Pick<Meter, 'transition'>
  /** What is written with every move into an end, so that it is watched from then on, whoever made it. */
  readonly watchFrom: (seen: StoredWithdrawal, move: Move) => WithdrawalPatch
  readonly seals: {
    /** The patch, with the row sealed anew where it writes what is sealed. */
    readonly resealing: (seen: StoredWithdrawal, patch: WithdrawalPatch) => WithdrawalPatch
    /** The same where a person decides over a row whose seal is damaged. */
    readonly vouching: (seen: StoredWithdrawal, patch: WithdrawalPatch) => WithdrawalPatch
  }
}

/** A statement stays in the low megabytes, and its locks short, however large the batch is. */
const CHANGES_MAX = 1_000

export function createTransition({ store, logger, meter = NO_METER, ...rules }: TransitionDeps): Transition {
  function log(moved: Moved, { seen, move }: RowMove, { actor }: Mover): void {
    logTransition(logger, moved, { seen, move }, actor)
    if (seen.state !== moved.state)
      meter.transition({ from: seen.state, to: moved.state, currency: seen.currency })
  }

  const logged = (moved: readonly StoredWithdrawal[], moves: readonly RowMove[], mover: Mover) => {
    const moveOf = new Map(moves.map((rowMove) => [rowMove.seen.id, rowMove]))
    for (const row of moved) {
      const rowMove = moveOf.get(row.id)
      if (rowMove) log(row, rowMove, mover)
    }
    return moved
  }

  async function many(moves: readonly RowMove[], mover: Mover): Promise<void> {
    for (let start = 0; start < moves.length; start += CHANGES_MAX) {
      const part = moves.slice(start, start + CHANGES_MAX)
      const moved = new Set(await store.changeStates(changesOf(part, mover, rules)))
      for (const rowMove of part) if (moved.has(rowMove.seen.id)) log(movedBy(rowMove), rowMove, mover)
    }
  }

  return Object.assign(
    async (seen: StoredWithdrawal, move: Move, mover: Mover) => {
      const moves = [{ seen, move }]
      const [change] = changesOf(moves, mover, rules)
      const moved = change && (await store.changeState(change))
      return moved ? (logged([moved], moves, mover)[0] ?? null) : null
    },
    {
      many,
      async intoBatch(draft: BatchDraft, moves: readonly RowMove[], mover: Mover) {
        return logged(await store.freezeBatch(draft, changesOf(moves, mover, rules)), moves, mover)
      },
      async resendingBatch(batch: { id: string; attempts: number }, moves: readonly RowMove[], mover: Mover) {
        const noted = await store.freezeResend(batch, changesOf(moves, mover, rules))
        return noted && logged(noted, moves, mover)
      },
    },
  )
}

const changesOf = (
  moves: readonly RowMove[],
  { actor, leaseOwner }: Mover,
  { watchFrom, seals }: Pick<TransitionDeps, 'watchFrom' | 'seals'>,
): StateChange[] =>
  moves.map(({ seen, move }) => {
    const isLegal =
      mayMove(seen.state, move.to) || (isPerson(actor) && mayBeMovedByPerson(seen.state, move.to))
    if (!isLegal) throw new Error(`A withdrawal cannot move from ${seen.state} to ${move.to}.`)
    const patch = { ...watchFrom(seen, move), ...move.patch, reasonCode: move.reasonCode ?? null }
    return {
      id: seen.id,
      from: seen.state,
      to: move.to,
      version: seen.version,
      leaseOwner,
      event: move.event,
      actor,
      patch: seals.resealing(seen, isPerson(actor) ? seals.vouching(seen, patch) : patch),
      detail: move.detail ?? {},
      next: move.next,
      ...(move.retires && { retires: move.retires }),
      ...((move.leaves || move.to === 'submitting') && { leaves: true }),
      ...(move.isFoundAgain && { isFoundAgain: true }),
    }
  })

const isPerson = (actor: string): boolean => actor.startsWith('operator:')

/** What is said of a row that has moved. */
type Moved = Pick<
  StoredWithdrawal,
  'id' | 'state' | 'version' | 'provider' | 'currency' | 'batchId' | 'reasonCode'
>

/** A row whose version was the one that was seen is after its move what that move made of it. */
const movedBy = ({ seen, move }: RowMove): Moved => ({
  id: seen.id,
  provider: seen.provider,
  currency: seen.currency,
  state: move.to,
  version: seen.version + 1,
  batchId: move.patch?.batchId === undefined ? seen.batchId : move.patch.batchId,
  reasonCode: move.reasonCode ?? null,
})

function logTransition(logger: Logger, moved: Moved, { seen, move }: RowMove, actor: string): void {
  const event = seen.state === moved.state ? 'withdrawal.noted' : 'withdrawal.transitioned'
  // Money stands still until somebody reads this.
  const level = moved.state === 'conflict' ? 'error' : 'info'
  logger[level](event, {
    withdrawalId: moved.id,
    from: seen.state,
    to: moved.state,
    event: move.event,
    actor,
    version: moved.version,
    provider: moved.provider,
    currency: moved.currency,
    ...(moved.batchId && { batchId: moved.batchId }),
    ...(moved.reasonCode && { reasonCode: moved.reasonCode }),
  })
}
