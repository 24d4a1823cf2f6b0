import { isConfirmed } from '../../db/statements/approvals'
import type { Approval, Proposal, Store } from '../../db/store'
import type { SubjectKind } from '../../domain/approvals'
import { AppError } from '../../errors'
import type { Logger } from '../../ports/logger'

export interface ApprovalDeps {
  readonly store: Pick<
    Store,
    'proposeApproval' | 'sayToApproval' | 'concludeApproval' | 'findApproval' | 'listApprovals'
  >
  /** What is done with each kind of record. */
  readonly carriers: Readonly<Record<SubjectKind, Carrier>>
  readonly logger: Logger
}

/** Does what was confirmed. */
export interface Carrier {
  /** @throws {AppError} This person may not confirm it. Nothing was written then. */
  readonly mayConfirm?: (approval: Approval, actor: string) => Promise<void>
  /**
   * Only of the very version that was seen, so that a second time does nothing.
   *
   * @throws {AppError} It cannot be done now; it stays confirmed, and may be tried again.
   */
  readonly carryOut: (approval: Approval, confirmer: Confirmer) => Promise<void>
}

export interface Confirmer {
  readonly actor: string
  readonly reason: string
}

/** What one person alone could misuse: proposed by one, confirmed by another. */
export interface Approvals {
  /**
   * @throws {AppError} `already_proposed`: it waits for somebody else; `changed_meanwhile`.
   */
  propose(proposal: Proposal): Promise<Approval>
  list(query: Parameters<Store['listApprovals']>[0]): Promise<readonly Approval[]>
  /** @throws {AppError} `approval_not_found`. */
  find(id: string): Promise<Approval>
  /**
   * The last word that was missing also does it.
   *
   * @throws {AppError} `approval_not_found`; `own_proposal`, `own_withdrawal`; `already_decided`, by this person or by
   *   others; `changed_meanwhile` where the record is no longer the one that was seen; and whatever keeps it from being
   *   done now: then it stays confirmed, and the same person may try again.
   */
  confirm(id: string, confirmer: Confirmer): Promise<Approval>
  /** Says no; who has proposed it takes it back. @throws {AppError} As `confirm`. */
  refuse(id: string, refuser: Confirmer): Promise<Approval>
}

const SOME_ID = /^\d{1,18}$/

export function createApprovals({ store, carriers, logger }: ApprovalDeps): Approvals {
  async function find(id: string): Promise<Approval> {
    const found = SOME_ID.test(id) ? await store.findApproval(id) : null
    if (!found) throw new AppError('approval_not_found', 'There is no such proposal.')
    return found
  }

  async function say(id: string, { actor, reason }: Confirmer, confirms: boolean): Promise<Approval> {
    const said = await store.sayToApproval({ id, actor, confirms, reason })
    if (said.kind === 'heard') {
      const { action, subject } = said.approval
      logger.warn(confirms ? 'approval.confirmed' : 'approval.refused', {
        approvalId: id,
        action,
        subject,
        actor,
      })
      return said.approval
    }
    throw refusalOf(said.kind)
  }

  return {
    find,
    list: (query) => store.listApprovals(query),

    async propose(proposal) {
      const { action, subject, actor, subjectKind } = proposal
      const made = await store.proposeApproval(proposal)
      if (made) {
        logger.warn('approval.proposed', { approvalId: made.id, action, subject, actor })
        return made
      }
      const open = await store.listApprovals({ isOpen: true, limit: 10, subjectKind, subject })
      const same = open.find((other) => other.action === action)
      throw new AppError(
        'already_proposed',
        same
          ? `${same.askedBy} has proposed this already: it waits for another operator to confirm it.`
          : 'This is proposed already. Look again.',
      )
    },

    async confirm(id, confirmer) {
      const seen = await find(id)
      await carriers[seen.subjectKind].mayConfirm?.(seen, confirmer.actor)
      const approval = await say(id, confirmer, true)
      if (!isConfirmed(approval)) return approval
      await carriers[approval.subjectKind].carryOut(approval, confirmer)
      await store.concludeApproval(id)
      return find(id)
    },

    async refuse(id, refuser) {
      await find(id)
      return say(id, refuser, false)
    },
  }
}

function refusalOf(kind: 'not_found' | 'closed' | 'changed' | 'own' | 'again'): AppError {
  switch (kind) {
    case 'not_found':
      return new AppError('approval_not_found', 'There is no such proposal.')
    case 'own':
      return new AppError(
        'own_proposal',
        'You have proposed this yourself: another operator has to confirm it.',
      )
    case 'again':
      return new AppError('already_decided', 'You have said already what you think of this.')
    case 'closed':
      return new AppError('already_decided', 'This has been decided already. Look again.')
    case 'changed':
      return new AppError(
        'changed_meanwhile',
        'What this is about has changed since it was proposed: propose it again as it is now.',
      )
  }
}
