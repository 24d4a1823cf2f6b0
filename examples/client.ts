/**
 * Withdraws with the client: `node --import tsx examples/client.ts <base url> <token> <amount> <iban>`. The same code runs
 * in a page.
 */
import { createWithdrawalsClient, isWithdrawalError } from 'hollaex-bank-withdrawal/client'

export interface Wish {
  readonly baseUrl: string
  readonly token: string
  readonly amount: string
  readonly iban: string
  /** Kept wherever this attempt is kept: with it a reload, or a second click, is the same withdrawal. */
  readonly idempotencyKey?: string
}

/** @returns What to tell the person whose money it is. */
export async function withdraw({ baseUrl, token, amount, iban, idempotencyKey }: Wish): Promise<string> {
  const client = createWithdrawalsClient({ baseUrl, token })
  try {
    const { id } = await client.create(
      { currency: 'eur', amount, bank_account: { iban } },
      { ...(idempotencyKey !== undefined && { idempotencyKey }) },
    )
    const { status, reason } = await client.waitFor(id)
    return status === 'processed' ? 'Paid.' : `Not paid: ${reason ?? 'the balance was given back.'}`
  } catch (error) {
    if (!isWithdrawalError(error)) throw error
    if (error.code === 'no_answer')
      return `Nobody answered. Ask again with the key ${error.idempotencyKey}: it stays one withdrawal.`
    if (error.code === 'still_pending') return 'It goes on without you; look again later.'
    if (error.code === 'otp_required') return 'Send the code of your authenticator as otp_code.'
    return error.message
  }
}

if (require.main === module) {
  const [baseUrl = '', token = '', amount = '', iban = ''] = process.argv.slice(2)
  void withdraw({ baseUrl, token, amount, iban }).then((said) => console.log(said))
}
