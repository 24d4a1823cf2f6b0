import type { Store, StoredWithdrawal } from '../../db/store'
import type { Action, ActionMove, Effect, Given } from '../../domain/action'
import { ACTION_KEYS, type ActionKey, actionOf, isActionPossible } from '../../domain/actions'
import { userOf } from '../../domain/approvals'
import { isKitSafeId } from '../../domain/identifiers'
import { AppError, TEXTS } from '../../errors'
import type { Randomness } from '../../ports/clock'
import type { PaymentProvider } from '../../ports/payment-provider'
import { isAnotherPayer } from '../payouts/payer'
import type { ProviderCalls } from '../payouts/provider-calls'
import { underNewKey } from '../payouts/send-again'
import { queryFor } from '../steps/payout-facts'
import type { Transition } from '../transition'
import type { Vault } from '../vault'
import type { Prove } from './proofs'

/** What one person proposed and others have confirmed. */
export interface Confirmed {
  readonly approvalId: string
  readonly askedBy: string
  /** Of the last who confirmed it. */
  readonly reason: string
}

export interface Decision extends Given {
  readonly actor: string
  readonly reason: string
  /** Of the withdrawal as the operator saw it; null for as it is now. */
  readonly version: number | null
  readonly confirmed?: Confirmed
}

/** What operators do with one withdrawal, along the table in domain/actions.ts. */
export interface Operate {
  /** What may be done with it now. */
  possible(row: StoredWithdrawal): readonly ActionKey[]
  /**
   * Checks all that can be checked without asking anybody, and changes nothing.
   *
   * @returns The row as it was accepted.
   * @throws {AppError} As `act`, before anybody is asked.
   */
  check(key: ActionKey, id: string, decision: Decision): Promise<StoredWithdrawal>
  /**
   * Does it; who and why, and what proved it, is on record with it.
   *
   * @throws {AppError} `withdrawal_not_found`; `own_withdrawal`; `action_not_possible` as it stands, or against what was looked up;
   *   `evidence_required`; `changed_meanwhile` when it has moved on since it was seen; `exchange_unavailable` where
   *   it had to be asked and did not answer. Nothing was written then.
   */
  act(key: ActionKey, id: string, decision: Decision): Promise<StoredWithdrawal>
}

export interface OperateDeps {
  readonly store: Pick<Store, 'findWithdrawal' | 'wakeAs' | 'putBack'>
  readonly vault: Pick<Vault, 'judge'>
  readonly transition: Transition
  readonly prove: Prove
  readonly providerNamed: (name: string) => PaymentProvider | null
  readonly providerCalls: Pick<ProviderCalls, 'cancel'>
  readonly random: Pick<Randomness, 'newId'>
}

/** Time for the provider to be asked to stop a payout, before a worker looks at it by itself. */
const STOP_LOOK_MS = 60_000

export function createOperate(deps: OperateDeps): Operate {
  const { store, transition, prove, providerNamed, providerCalls, random } = deps

  const find = finderIn(store)

  const isPossible = (key: ActionKey, row: StoredWithdrawal): boolean =>
    isActionPossible(key, row) &&
    (actionOf(key).does.kind !== 'stop' || canStop(row, providerNamed(row.provider)))

  async function move(row: StoredWithdrawal, made: ActionMove, { actor }: Decision, detail: Detail) {
    const { runInMs, ...rest } = made
    const moved = await transition(row, { ...rest, detail, next: { runInMs } }, { actor, leaseOwner: null })
    if (!moved) throw changed()
    return moved
  }

  /** The provider's answer is written down, and proves nothing: a look-up follows it. */
  async function stop(row: StoredWithdrawal, decision: Decision, detail: Detail): Promise<StoredWithdrawal> {
    const provider = providerNamed(row.provider)
    if (!provider) throw notPossible('stop', row)
    const note = { to: row.state, reasonCode: row.reasonCode }
    const asking = { ...note, event: 'payout.stop_asked', runInMs: STOP_LOOK_MS }
    const asked = await move(row, asking, decision, detail)
    const answer = await providerCalls.cancel(provider, queryFor(asked))
    const mover = { actor: decision.actor, leaseOwner: null }
    const answered = { ...note, event: 'payout.stop_answered', detail: { answer }, next: { runInMs: 0 } }
    // Who has moved it since has looked it up; that it was asked for stays in the journal.
    return (await transition(asked, answered, mover)) ?? find(row.id)
  }

  async function sendAgain(row: StoredWithdrawal, { actor }: Decision, detail: Detail) {
    const provider = providerNamed(row.provider)
    const isVoided = (detail.lookup as { kind?: unknown } | undefined)?.kind === 'voided'
    const again = underNewKey(row, isVoided ? 'voided' : 'proven_unpaid', {
      newId: random.newId(),
      event: 'payout.to_send_again',
      provider,
    })
    const said = { ...again, detail: { ...detail, ...again.detail } }
    const moved = await transition(row, said, { actor, leaseOwner: null })
    if (!moved) throw changed()
    return moved
  }

  async function wake(key: ActionKey, row: StoredWithdrawal, { actor, reason }: Decision, detail: Detail) {
    const isWoken = await store.wakeAs({
      actor,
      action: `withdrawal.${key}`,
      subject: row.id,
      reason,
      detail: { ...detail, state: row.state, version: row.version },
    })
    if (!isWoken) throw notPossible(key, row)
    return find(row.id)
  }

  async function check(key: ActionKey, id: string, decision: Decision) {
    const found = await find(id)
    const { actor, version } = decision
    const accepted = acceptedAs(found, deps)
    if ([found, accepted].some(({ userId }) => userId === userOf(actor))) throw ownWithdrawal()
    if (version !== null && version !== found.version) throw changed()
    if (!isPossible(key, found)) throw notPossible(key, found)
    requireEvidence(actionOf(key), accepted, decision)
    return { found, accepted }
  }

  return {
    possible: (row) => ACTION_KEYS.filter((key) => isPossible(key, row)),
    check: async (key, id, decision) => (await check(key, id, decision)).accepted,

    async act(key, id, decision) {
      const { found } = await check(key, id, decision)
      const { row, detail: accepted } = await asAccepted(found, deps)
      const detail = { ...said(decision), ...accepted, ...(await prove(key, row)) }
      const effect: Effect = actionOf(key).does
      switch (effect.kind) {
        case 'move':
          return move(row, effect.move(row, decision), decision, detail)
        case 'wake':
          return wake(key, row, decision, detail)
        case 'stop':
          return stop(row, decision, detail)
        case 'send_again':
          return sendAgain(row, decision, detail)
      }
    },
  }
}

type Detail = Readonly<Record<string, unknown>>

const finderIn =
  (store: OperateDeps['store']) =>
  async (id: string): Promise<StoredWithdrawal> => {
    const row = isKitSafeId(id) ? await store.findWithdrawal(id) : null
    if (!row) throw new AppError('withdrawal_not_found', TEXTS.withdrawalNotFound)
    return row
  }

/** What the row was accepted as: whose it is, and how much, is not what somebody else has made of it. */
export function acceptedAs(row: StoredWithdrawal, { vault }: Pick<OperateDeps, 'vault'>): StoredWithdrawal {
  const verdict = vault.judge(row)
  return verdict.kind === 'changed' ? { ...row, ...verdict.sealed } : row
}

/** A person decides over what was accepted, not over what somebody else has made of it. */
async function asAccepted(
  row: StoredWithdrawal,
  { vault, store }: OperateDeps,
): Promise<{ row: StoredWithdrawal; detail: Detail }> {
  const verdict = vault.judge(row)
  if (verdict.kind === 'key_missing') throw keyMissing(verdict.keyId)
  if (verdict.kind !== 'changed') return { row, detail: {} }
  const restored = await store.putBack(row, verdict.sealed)
  if (!restored) throw changed()
  return { row: restored, detail: { putBack: verdict.facts } }
}

const said = ({ reason, evidence, transactionId, confirmed }: Decision): Detail => ({
  reason,
  ...(confirmed && {
    approval: confirmed.approvalId,
    proposedBy: confirmed.askedBy,
    confirmedBecause: confirmed.reason,
  }),
  ...(evidence !== null && { evidence }),
  ...(transactionId !== null && { transactionId }),
})

function requireEvidence({ title, evidence }: Action, row: StoredWithdrawal, given: Given): void {
  if (evidence === 'note' && given.evidence === null)
    throw new AppError(
      'evidence_required',
      `"${title}" needs evidence: say what proves it (a page of a statement, a ticket of the bank’s).`,
    )
  if (evidence === 'transaction' && given.transactionId === null && row.providerTransactionId === null)
    throw new AppError(
      'evidence_required',
      `"${title}" needs transaction_id: the bank’s reference of the executed payment.`,
    )
}

/** Through another account it would be told that there is nothing to stop. */
const canStop = (row: StoredWithdrawal, provider: PaymentProvider | null): boolean =>
  provider?.cancel !== undefined && !isAnotherPayer(provider, row)

function notPossible(key: ActionKey, { state }: StoredWithdrawal): AppError {
  const { from, when } = actionOf(key)
  const isState = !(from as readonly string[]).includes(state) || when === ''
  return new AppError(
    'action_not_possible',
    isState
      ? `That cannot be done with a withdrawal that is ${state}.`
      : `That can only be done with one that is ${state} when ${when}.`,
  )
}

const keyMissing = (keyId: string) =>
  new AppError('action_not_possible', `It was sealed with the key ${keyId}, which is not configured.`)

export const ownWithdrawal = () =>
  new AppError('own_withdrawal', 'This withdrawal is your own: another operator has to decide over it.')

const changed = () =>
  new AppError('changed_meanwhile', 'This withdrawal has changed since you looked. Look again.')
