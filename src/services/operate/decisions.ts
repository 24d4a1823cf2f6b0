import type { Approval, Stop, Store, StoredWithdrawal } from '../../db/store'
import { ACTION_KEYS, type ActionKey, actionOf } from '../../domain/actions'
import {
  type ApprovalRules,
  isAboveCeiling,
  othersNeeded,
  type SubjectKind,
  userOf,
} from '../../domain/approvals'
import { AppError } from '../../errors'
import { type Decision, type Operate, ownWithdrawal } from './actions'
import type { Approvals, Carrier } from './approvals'
import type { FileExchange } from './files'
import type { PauseDecision, ProviderControl, ProviderOverview } from './providers'
import type { StopDecision, StopSwitch } from './stop'
import type { FileDecision } from './take-in'

/** It was done, or it waits for another operator. */
export type Decided<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'proposed'; readonly approval: Approval }

/** What operators want, done at once or put before another, as the rules say. */
export interface Decisions {
  /** Whether another operator would have to confirm it. */
  needsSecond(key: ActionKey, row: StoredWithdrawal): boolean
  /** @throws {AppError} As `Operate.act` and `Approvals.propose`. */
  act(key: ActionKey, id: string, decision: Decision): Promise<Decided<StoredWithdrawal>>
  /** Payouts leave to a paused provider again. @throws {AppError} As `ProviderControl.setPaused`. */
  resume(decision: Omit<PauseDecision, 'isPaused'>): Promise<Decided<ProviderOverview>>
  /**
   * The bank never got this file and never will, so that its payouts leave again.
   *
   * @throws {AppError} As `FileExchange.void`.
   */
  voidFile(provider: string, name: string, decision: FileDecision): Promise<Decided<{ matched: number }>>
  /** Everything goes on. @throws {AppError} As `StopSwitch.start`. */
  start(decision: StopDecision): Promise<Decided<Stop>>
}

export interface DecisionDeps {
  readonly operate: Operate
  readonly providers: ProviderControl
  readonly stop: StopSwitch
  readonly files: Pick<FileExchange, 'checkVoid' | 'void'>
  readonly approvals: Pick<Approvals, 'propose'>
  readonly rules: () => ApprovalRules
}

const STOP_SUBJECT = 'everything'
const VOID = 'file.void'

export function createDecisions(deps: DecisionDeps): Decisions {
  const { operate, providers, stop, files, approvals, rules } = deps
  const needsSecond: Decisions['needsSecond'] = (key, row) =>
    actionOf(key).needsSecond && othersNeeded(rules()) > 0 && isAboveCeiling(rules(), row)
  const propose = async (proposal: Omit<Parameters<Approvals['propose']>[0], 'needed'>) =>
    ({
      kind: 'proposed',
      approval: await approvals.propose({ ...proposal, needed: othersNeeded(rules()) }),
    }) as const

  return {
    needsSecond,

    async act(key, id, decision) {
      const row = await operate.check(key, id, decision)
      if (!needsSecond(key, row)) return { kind: 'done', result: await operate.act(key, id, decision) }
      const { actor, reason, evidence, transactionId } = decision
      return propose({
        action: `withdrawal.${key}`,
        ...{ subjectKind: 'withdrawal', subject: row.id, subjectVersion: row.version },
        content: {
          ...{ amount: row.amount, currency: row.currency, state: row.state },
          ...(evidence !== null && { evidence }),
          ...(transactionId !== null && { transactionId }),
        },
        ...{ actor, reason },
      })
    },

    async resume({ provider, actor, reason, version: seen }) {
      const found = await providers.find(provider)
      if (othersNeeded(rules()) === 0 || found.paused === null)
        return {
          kind: 'done',
          result: await providers.setPaused({ provider, actor, reason, isPaused: false, version: seen }),
        }
      if (seen !== null && seen !== found.version)
        throw new AppError(
          'changed_meanwhile',
          'Somebody else has decided over this provider meanwhile. Look again.',
        )
      return propose({
        action: 'provider.resume',
        ...{ subjectKind: 'provider', subject: provider, subjectVersion: found.version },
        ...{ content: {}, actor, reason },
      })
    },

    async voidFile(provider, name, decision) {
      const { currency, total } = await files.checkVoid(provider, name)
      if (othersNeeded(rules()) === 0 || !isAboveCeiling(rules(), { currency, amount: total }))
        return { kind: 'done', result: await files.void(provider, name, decision) }
      return propose({
        action: VOID,
        ...{ subjectKind: 'file', subject: `${provider}/${name}`, subjectVersion: 0 },
        ...{ content: { file: name, currency, amount: total }, ...decision },
      })
    },

    async start(decision) {
      const { version } = await stop.checkStart(decision.version)
      if (othersNeeded(rules()) === 0) return { kind: 'done', result: await stop.start(decision) }
      const { actor, reason } = decision
      return propose({
        action: 'stop.lift',
        ...{ subjectKind: 'stop', subject: STOP_SUBJECT, subjectVersion: version },
        ...{ content: {}, actor, reason },
      })
    },
  }
}

/** What is done once others have confirmed it: with the proposal's words, in the name of who confirmed it last. */
export function createCarriers({
  store,
  operate,
  providers,
  stop,
  files,
  takingIn,
}: Pick<DecisionDeps, 'operate' | 'providers' | 'stop' | 'files'> & {
  store: Pick<Store, 'findWithdrawal'>
  /** Of documents of the bank's. */
  takingIn: Carrier
}): Readonly<Record<SubjectKind, Carrier>> {
  return {
    withdrawal: {
      async mayConfirm({ subject }, actor) {
        const row = await store.findWithdrawal(subject)
        if (row && row.userId === userOf(actor)) throw ownWithdrawal()
      },
      async carryOut(approval, { actor, reason }) {
        const { evidence, transactionId } = approval.content as { evidence?: string; transactionId?: string }
        await operate.act(keyOf(approval), approval.subject, {
          ...{ actor, reason: approval.reason, version: approval.subjectVersion },
          ...{ evidence: evidence ?? null, transactionId: transactionId ?? null },
          confirmed: { approvalId: approval.id, askedBy: approval.askedBy, reason },
        })
      },
    },
    provider: {
      async carryOut({ subject, subjectVersion, ...approval }, { actor }) {
        const decision = { provider: subject, isPaused: false, version: subjectVersion }
        await providers.setPaused({ ...decision, actor, reason: reasonOf(approval) })
      },
    },
    file: {
      async carryOut(approval, confirmer) {
        if (approval.action !== VOID) return takingIn.carryOut(approval, confirmer)
        const [provider = '', name = ''] = approval.subject.split(/\/(.*)/s)
        await files.void(provider, name, { actor: confirmer.actor, reason: reasonOf(approval) })
      },
    },
    stop: {
      async carryOut({ subjectVersion, ...approval }, { actor }) {
        await stop.start({ version: subjectVersion, actor, reason: reasonOf(approval) })
      },
    },
  }
}

/** Both names are on record with what was done. */
const reasonOf = ({ reason, askedBy }: Pick<Approval, 'reason' | 'askedBy'>): string =>
  `${reason} (proposed by ${askedBy})`

function keyOf({ action }: Approval): ActionKey {
  const key = ACTION_KEYS.find((known) => `withdrawal.${known}` === action)
  if (!key)
    throw new AppError('action_not_possible', 'This version of the program does not know that action.')
  return key
}
