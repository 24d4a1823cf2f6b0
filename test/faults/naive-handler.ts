import type { ToolsLib } from '../../src/kit/tools-lib'

/** What a provider's client library hands back. */
export interface NaivePayment {
  readonly status: 'success' | 'failed' | 'pending'
  readonly transactionId?: string
}

export interface NaiveRequest {
  readonly userId: number
  readonly currency: string
  readonly amount: number
  readonly iban: string
}

/**
 * The withdrawal handler one writes first, after reading how a kit's wallet works: burn pending, pay, settle on
 * success, reject on failure. It is what this project replaces, and a test subject only.
 *
 * @param newId A fresh id per request, for the burn and the payment alike.
 */
export const createNaiveHandler =
  (
    { wallet }: Pick<ToolsLib, 'wallet'>,
    pay: (id: string, request: NaiveRequest) => Promise<NaivePayment>,
    newId: () => string,
  ) =>
  async (request: NaiveRequest): Promise<void> => {
    const id = newId()
    await wallet.burnAssetByKitId(request.userId, request.currency, request.amount, {
      status: false,
      transactionId: id,
      description: `withdrawal to ${request.iban}`,
      email: true,
    })
    await pay(id, request)
      .then(async ({ status, transactionId }) => {
        if (status === 'success')
          await wallet.updatePendingBurn(id, {
            status: true,
            email: true,
            ...(transactionId !== undefined && { updatedTransactionId: transactionId }),
          })
        else if (status === 'failed') await wallet.updatePendingBurn(id, { rejected: true, email: true })
      })
      .catch(() => wallet.updatePendingBurn(id, { rejected: true, email: true }))
  }
