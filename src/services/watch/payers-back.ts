import type { Store } from '../../db/store'
import type { PaymentProvider } from '../../ports/payment-provider'
import { isAnotherPayer } from '../payouts/payer'
import { PAYER_CHANGED } from '../steps/payer-guard'

export interface PayersBackDeps {
  readonly store: Pick<Store, 'listDifferences' | 'resolveDifference'>
  readonly providers: readonly PaymentProvider[]
}

/** What is left open comes up as these are closed. */
const CLOSED_MAX = 500

/** Takes back the question for an account that is set again: what was sent through it is being asked for there. */
export const createPayersBack =
  ({ store, providers }: PayersBackDeps): (() => Promise<void>) =>
  async () => {
    const naming = new Map(providers.flatMap((one) => (one.payer ? [[one.name, one] as const] : [])))
    if (naming.size === 0) return
    const open = await store.listDifferences({ kind: PAYER_CHANGED, isOpen: true, limit: CLOSED_MAX })
    for (const { withdrawalId, detail } of open) {
      const provider = naming.get(String(detail.provider))
      const sent = { payer: String(detail.sentThrough), currency: String(detail.currency) }
      if (!provider || isAnotherPayer(provider, sent)) continue
      const resolution = 'The account it was sent through is set again.'
      await store.resolveDifference({ withdrawalId, kind: PAYER_CHANGED, by: 'worker', resolution })
    }
  }
