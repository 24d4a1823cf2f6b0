import type { StoredWithdrawal } from '../../db/store'
import { isPaid, isUnsent, type State, type WorkingState } from '../../domain/states'
import type { Raise } from '../raise'
import type { Move } from '../transition'
import type { Verdict } from '../vault'
import { go, type Next, stay, type Step } from './step'

/** A key that was left out of the settings comes back with the next start, mostly. */
const KEY_LOOK_MS = 5 * 60_000
/**
 * While instances are given a new key one after the other, those that have it seal what those that are still to come
 * cannot open. It is left to the others for so long, and to this one after its own restart.
 */
const KEY_COMES_WITHIN_MS = 15 * 60_000
const KEY_COMES_LOOK_MS = 15_000

/**
 * The step, for a row that is what it was accepted as. One that was changed past this program is never paid, settled,
 * given back or credited: it goes to a person, loudly.
 */
export const guarded =
  (step: Step): Step =>
  async (visit, deps) => {
    const { row } = visit
    const verdict = deps.vault.judge(row)
    return mayGoOn(verdict, row.state) ? step(visit, deps) : refuse(row, verdict, deps.raise)
  }

/** @param state What the row says of itself: whoever changed it may have changed that, too. */
export function mayGoOn({ kind }: Verdict, state: State): boolean {
  switch (kind) {
    case 'intact':
    case 'unbound':
    case 'bare':
      return true
    case 'readable':
      // From before there were keys. Nothing is paid or credited by it; what has left is looked up and concluded, for
      // whose burn that is the burn itself says.
      return !isUnsent(state) && state !== 'submitting' && state !== 'returning'
    case 'vouched':
      return !isUnsent(state) && state !== 'submitting'
    case 'changed':
    case 'damaged':
    case 'key_missing':
      return false
  }
}

async function refuse(row: StoredWithdrawal, verdict: Verdict, raise: Raise): Promise<Next> {
  // Before there was a lock there is nothing to lose either: a person may give back what never was locked.
  const waits = isUnsent(row.state)
  if (verdict.kind === 'key_missing' && isYoung(row)) return stay(KEY_COMES_LOOK_MS)
  if (verdict.kind === 'key_missing' && !waits) {
    await raise(row, 'key_missing', { keyId: verdict.keyId, state: row.state })
    return stay(KEY_LOOK_MS)
  }
  await raiseForged(row, verdict, raise)
  const reasonCode = verdict.kind === 'changed' ? 'row_changed' : 'destination_unreadable'
  const detail = detailOf(row, verdict)
  if (waits) return go({ to: 'in_review', event: 'row.refused', reasonCode, detail, next: { runInMs: null } })
  return go(towardsPerson(row.state as WorkingState, detail))
}

const isYoung = ({ createdAt, readAt }: StoredWithdrawal): boolean =>
  readAt.getTime() - createdAt.getTime() < KEY_COMES_WITHIN_MS

/** States without a way to a person go by the one that has it. */
function towardsPerson(state: WorkingState, detail: Move['detail'] = {}): Move {
  const isInQuestion = state === 'in_doubt' || isPaid(state) || state === 'releasing'
  const refused = { event: 'row.refused', reasonCode: 'row_changed', detail } as const
  return isInQuestion
    ? { ...refused, to: 'conflict', next: { runInMs: null } }
    : { ...refused, to: 'in_doubt', patch: { payoutDoubtAt: 'now' }, next: { runInMs: 0 } }
}

/** Puts a row that is not what it was accepted as to a person. */
export const raiseForged = (row: StoredWithdrawal, verdict: Verdict, raise: Raise): Promise<void> =>
  verdict.kind === 'key_missing'
    ? raise(row, 'key_missing', { keyId: verdict.keyId, state: row.state })
    : raise(row, 'row_changed', { state: row.state, ...detailOf(row, verdict) })

/** Which columns, and of amounts what they were: what else stands there is the forger's, or somebody's account. */
function detailOf(row: StoredWithdrawal, verdict: Verdict): Record<string, unknown> {
  if (verdict.kind !== 'changed') return { changed: ['destination'], seal: verdict.kind }
  const amounts = (['amount', 'fee', 'payoutAmount', 'returnedAmount'] as const).filter((name) =>
    verdict.facts.includes(name),
  )
  return {
    changed: verdict.facts,
    ...(amounts.length > 0 && {
      found: Object.fromEntries(amounts.map((name) => [name, row[name]])),
      accepted: Object.fromEntries(amounts.map((name) => [name, verdict.sealed[name]])),
    }),
  }
}

export const guardAll = <States extends Readonly<Record<string, Step>>>(steps: States): States =>
  Object.fromEntries(Object.entries(steps).map(([state, step]) => [state, guarded(step)])) as States
