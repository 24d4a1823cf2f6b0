import type { Endpoint } from '../../db/endpoints'
import type { Approval } from '../../db/store'
import type { Approvals, Carrier } from '../operate/approvals'
import type { By, EndpointDraft, Endpoints } from './endpoints'

/**
 * Who is told what happens, decided by one person or, where there are several, by two: an address that one insider
 * swaps, or a secret that only he knows, silences the alarm.
 */
export interface EndpointDecisions {
  /** @throws {AppError} As `Endpoints.save` and `Approvals.propose`. */
  decide(draft: EndpointDraft, by: By): Promise<DecidedEndpoint>
  readonly carrier: Carrier
}

/** The secret is answered with the proposal: who proposes it puts it into the receiver before it counts. */
export type DecidedEndpoint = { readonly secret: string | null } & (
  | { readonly kind: 'done'; readonly endpoint: Endpoint }
  | { readonly kind: 'proposed'; readonly approval: Approval }
)

/** What another operator is asked to confirm. */
export type ProposedEndpoint = Omit<EndpointDraft, 'secret'>

export interface EndpointDecisionDeps {
  readonly endpoints: Pick<Endpoints, 'save'>
  readonly approvals: () => Pick<Approvals, 'propose'>
  /** How many others have to confirm it. */
  readonly others: () => Promise<number>
}

export const createEndpointDecisions = ({
  endpoints,
  approvals,
  others,
}: EndpointDecisionDeps): EndpointDecisions => ({
  async decide({ secret, ...draft }, by) {
    const needed = await others()
    if (needed === 0) return { kind: 'done', secret, endpoint: await endpoints.save(draft, by) }
    const { id, madeFrom, action } = draft.version
    const approval = await approvals().propose({
      ...{ action, subjectKind: 'endpoint', subject: id, subjectVersion: madeFrom },
      ...{ content: { ...draft }, needed, ...by },
    })
    return { kind: 'proposed', secret, approval }
  },
  carrier: {
    async carryOut({ content, reason, askedBy }, { actor }) {
      // Checked anew: what an address may be, and how many there are, may have changed since.
      const draft = content as unknown as ProposedEndpoint
      await endpoints.save(draft, { actor, reason: `${reason} (proposed by ${askedBy})` })
    },
  },
})
