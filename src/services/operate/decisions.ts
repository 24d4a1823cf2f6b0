import type { Approval, Stop, Store, StoredWithdrawal } from '../../db/store'
import { ACTION_KEYS, type ActionKey, needsSecond } from '../../domain/actions'
import {
  type ApprovalRules,
  isAboveCeiling,
  othersNeeded,
  type SubjectKind,
  userOf,
} from '../../domain/approvals'
import type { PolicyInForce } from '../../domain/policy'
import { writtenPolicy } from '../../domain/policy-given'
import { AppError } from '../../errors'
import { nothingToChange, type Policies, type PolicyDecision, type PolicyDraft } from '../policy/change'
import { type Decision, type Operate, ownWithdrawal } from './actions'
import type { Approvals, Carrier } from './approvals'
import type { FileExchange } from './files'
import type { RefuseOwnFile } from './own-files'
import type { PauseDecision, ProviderControl, ProviderOverview } from './providers'
import type { StopDecision, StopSwitch } from './stop'
import type { FileDecision } from './take-in'

/** It was done, or it waits for another operator. */
export type Decided<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'proposed'; readonly approval: Approval }

/** What operators want, done at once or put before another, as the rules say. */
export interface Decisions {
  /** How many other operators would have to confirm it. */
  othersFor(key: ActionKey, row: StoredWithdrawal): Promise<number>
  /** @throws {AppError} As `Operate.act` and `Approvals.propose`. */
  act(key: ActionKey, id: string, decision: Decision): Promise<Decided<StoredWithdrawal>>
  /** Payouts leave to a paused provider again. @throws {AppError} As `ProviderControl.setPaused`. */
  resume(decision: Omit<PauseDecision, 'isPaused'>): Promise<Decided<ProviderOverview>>
  /**
   * The bank never got this file and never will, so that its payouts leave again.
   *
   * @throws {AppError} As `RefuseOwnFile` and `FileExchange.void`.
   */
  voidFile(provider: string, name: string, decision: FileDecision): Promise<Decided<{ matched: number }>>
  /** Everything goes on. @throws {AppError} As `StopSwitch.start`. */
  start(decision: StopDecision): Promise<Decided<Stop>>
  /** @throws {AppError} As `Policies.save`. */
  changePolicy(draft: PolicyDraft, decision: Omit<PolicyDecision, 'version'>): Promise<Decided<PolicyInForce>>
}

export interface DecisionDeps {
  readonly operate: Operate
  readonly providers: ProviderControl
  readonly stop: StopSwitch
  readonly files: Pick<FileExchange, 'checkVoid' | 'void'>
  readonly refuseOwnFile: RefuseOwnFile
  readonly policies: Pick<Policies, 'save'>
  readonly approvals: Pick<Approvals, 'propose'>
  readonly rules: () => Promise<DecisionRules>
}

/** When others have to confirm what one person wants. */
export interface DecisionRules extends ApprovalRules {
  /** Decimals by currency; above it so many have to let it be paid. */
  readonly approversOf: (about: { currency: string; amount: string }) => number
}

const STOP_SUBJECT = 'everything'
const POLICY_SUBJECT = 'policy'
const VOID = 'file.void'

export function createDecisions(deps: DecisionDeps): Decisions {
  const { operate, providers, stop, files, refuseOwnFile, policies, approvals, rules } = deps
  /** The stricter of the second person and of the approvers that the policy wants. */
  const othersFor: Decisions['othersFor'] = async (key, row) => {
    const said = await rules()
    if (!needsSecond(key, row) || othersNeeded(said) === 0) return 0
    return Math.max(isAboveCeiling(said, row) ? othersNeeded(said) : 0, said.approversOf(row) - 1)
  }
  const isSingle = async () => othersNeeded(await rules()) === 0
  const propose: Propose = async ({ needed, ...proposal }) => ({
    kind: 'proposed',
    approval: await approvals.propose({ ...proposal, needed: needed ?? othersNeeded(await rules()) }),
  })

  return {
    othersFor,

    async act(key, id, decision) {
      const row = await operate.check(key, id, decision)
      const needed = await othersFor(key, row)
      if (needed === 0) return { kind: 'done', result: await operate.act(key, id, decision) }
      const { actor, reason, evidence, transactionId } = decision
      return propose({
        action: `withdrawal.${key}`,
        ...{ subjectKind: 'withdrawal', subject: row.id, subjectVersion: row.version },
        content: {
          ...{ amount: row.amount, currency: row.currency, state: row.state },
          ...(evidence !== null && { evidence }),
          ...(transactionId !== null && { transactionId }),
        },
        ...{ actor, reason, needed },
      })
    },

    async resume({ provider, actor, reason, version: seen }) {
      const found = await providers.find(provider)
      if ((await isSingle()) || found.paused === null)
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
      await refuseOwnFile(provider, name, decision.actor)
      const { currency, total } = await files.checkVoid(provider, name)
      if ((await isSingle()) || !isAboveCeiling(await rules(), { currency, amount: total }))
        return { kind: 'done', result: await files.void(provider, name, decision) }
      return propose({
        action: VOID,
        ...{ subjectKind: 'file', subject: `${provider}/${name}`, subjectVersion: 0 },
        ...{ content: { file: name, currency, amount: total }, ...decision },
      })
    },

    async start(decision) {
      const { version } = await stop.checkStart(decision.version)
      if (await isSingle()) return { kind: 'done', result: await stop.start(decision) }
      const { actor, reason } = decision
      return propose({
        action: 'stop.lift',
        ...{ subjectKind: 'stop', subject: STOP_SUBJECT, subjectVersion: version },
        ...{ content: {}, actor, reason },
      })
    },

    changePolicy: policyChange({ policies, isSingle, propose }),
  }
}

type Propose = (
  proposal: Omit<Parameters<Approvals['propose']>[0], 'needed'> & { readonly needed?: number },
) => Promise<Extract<Decided<never>, { kind: 'proposed' }>>

const policyChange =
  (deps: {
    policies: DecisionDeps['policies']
    isSingle: () => Promise<boolean>
    propose: Propose
  }): Decisions['changePolicy'] =>
  async (draft, decision) => {
    const { policy, restores, changes, seen } = draft
    if (changes.length === 0) throw nothingToChange()
    if (await deps.isSingle()) return { kind: 'done', result: await deps.policies.save(draft, decision) }
    return deps.propose({
      action: 'policy.change',
      ...{ subjectKind: 'policy', subject: POLICY_SUBJECT, subjectVersion: seen },
      content: { policy: writtenPolicy(policy), changes, ...(restores !== null && { restores }) },
      ...decision,
    })
  }

/** What is done once others have confirmed it: with the proposal's words, in the name of who confirmed it last. */
export function createCarriers({
  store,
  operate,
  providers,
  stop,
  files,
  refuseOwnFile,
  policies,
  takingIn,
  settings,
  endpoints,
}: Pick<DecisionDeps, 'operate' | 'providers' | 'stop' | 'files' | 'refuseOwnFile'> & {
  store: Pick<Store, 'findWithdrawal'>
  policies: Pick<Policies, 'draft' | 'save'>
  /** Of documents of the bank's. */
  takingIn: Carrier
  settings: Carrier
  /** Of who is told. */
  endpoints: Carrier
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
      async mayConfirm(approval, actor) {
        if (approval.action !== VOID) return takingIn.mayConfirm?.(approval, actor)
        await refuseOwnFile(...fileOf(approval), actor)
      },
      async carryOut(approval, confirmer) {
        if (approval.action !== VOID) return takingIn.carryOut(approval, confirmer)
        await files.void(...fileOf(approval), { actor: confirmer.actor, reason: reasonOf(approval) })
      },
    },
    policy: {
      async carryOut({ content, subjectVersion, ...approval }, { actor }) {
        // Checked anew: what settings fix, and which roles there are, may have changed since.
        const draft = await policies.draft(content.policy, subjectVersion)
        const restores = typeof content.restores === 'number' ? content.restores : null
        await policies.save({ ...draft, restores }, { actor, reason: reasonOf(approval) })
      },
    },
    settings,
    endpoint: endpoints,
    stop: {
      async carryOut({ subjectVersion, ...approval }, { actor }) {
        await stop.start({ version: subjectVersion, actor, reason: reasonOf(approval) })
      },
    },
  }
}

/** Its provider and its name. */
function fileOf({ subject }: Pick<Approval, 'subject'>): [provider: string, name: string] {
  const [provider = '', name = ''] = subject.split(/\/(.*)/s)
  return [provider, name]
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
