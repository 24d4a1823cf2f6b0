/**
 * Withdraws with the client: `node --import tsx examples/client.ts <base url> <token> <amount> <iban> [<key>]`. The same code
 * runs in a page.
 */
import {
  createWithdrawalsClient,
  isWithdrawalError,
  type WithdrawalError,
} from 'hollaex-bank-withdrawal/client'

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
  let accepted: string | undefined
  try {
    const { id } = await client.create(
      { currency: 'eur', amount, bank_account: { iban } },
      { ...(idempotencyKey !== undefined && { idempotencyKey }) },
    )
    accepted = id
    const { status, reason } = await client.waitFor(id)
    return status === 'processed' ? 'Paid.' : `Not paid: ${reason ?? 'the balance was given back.'}`
  } catch (error) {
    if (!isWithdrawalError(error)) throw error
    const { message, code, idempotencyKey: key } = error
    if (accepted !== undefined)
      return `${message} It was accepted as ${accepted}, and goes on without you; look again later.`
    if (!isRefusal(error)) return `${message} Ask again with the key ${key}: it stays one withdrawal.`
    return code === 'otp_required' ? 'Send the code of your authenticator as otp_code.' : message
  }
}

/**
 * Whether it says that nothing was accepted. Else it may have been, or may yet be, where an attempt before it got no answer:
 * only the same key finds out without paying twice.
 */
const isRefusal = ({ status, code, isRepeat }: WithdrawalError): boolean =>
  !isRepeat &&
  status >= 400 &&
  status < 500 &&
  ![401, 403, 408, 425, 429].includes(status) &&
  !['strange_answer', 'idempotency_key_in_use'].includes(code)

if (require.main === module) {
  const [baseUrl = '', token = '', amount = '', iban = '', idempotencyKey] = process.argv.slice(2)
  const wish = { baseUrl, token, amount, iban, ...(idempotencyKey !== undefined && { idempotencyKey }) }
  void withdraw(wish).then((said) => console.log(said))
}
