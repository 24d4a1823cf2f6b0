import type { Coin, KitState, KitUser } from './fake-kit-state'

interface NetworkReads {
  balance(networkId: number): Promise<unknown>
  withdrawals(networkId: number, query: string): Promise<unknown>
}

/** `validateWithdrawal` with network "fiat": its checks, their order and their texts (kit.md 6.5). */
export async function validateWithdrawal(
  state: KitState,
  network: NetworkReads,
  user: KitUser | null,
  amount: number,
  currency: string,
): Promise<{ fee: number; fee_coin: string }> {
  const coin = state.coins?.[currency]
  if (!coin) throw new Error(`Invalid coin: ${currency}`)
  if (amount <= 0) throw new Error(`Invalid amount: ${amount}`)
  if (!coin.allow_withdrawal) throw new Error(`Withdrawals are disabled for coin: ${currency}`)
  if (!user) throw new Error('User not found')
  if (!user.network_id) throw new Error('User is not registered on the network')
  if (user.verification_level < 1) throw new Error('Verification level must be at or above 1')
  const blockedUntil = user.withdrawal_blocked?.getTime() ?? 0
  if (user.is_subaccount || blockedUntil > Date.now()) throw new Error('Withdrawal disabled for this user')
  if (state.forcesOtp && !user.otp_enabled)
    throw new Error('Two-factor authentication (OTP) must be enabled to withdraw')

  const { fee, fee_coin } = feeOf(state, coin)
  const balance = (await network.balance(user.network_id)) as Record<string, unknown>
  checkBalance(balance, { amount, currency, fee, feeCoin: fee_coin })
  await checkLimit(state, network, user.network_id, amount, currency)
  return { fee, fee_coin }
}

/** An operator's fee of 0 does not replace the network's: only a truthy one does. */
function feeOf({ fiatFees }: KitState, coin: Coin): { fee: number; fee_coin: string } {
  const custom = fiatFees[coin.symbol]?.withdrawal_fee
  if (custom) return { fee: custom, fee_coin: coin.symbol }
  const listed = coin.withdrawal_fees?.[coin.symbol]
  return listed
    ? { fee: listed.value, fee_coin: listed.symbol }
    : { fee: coin.withdrawal_fee, fee_coin: coin.symbol }
}

function checkBalance(
  balance: Readonly<Record<string, unknown>>,
  { amount, currency, fee, feeCoin }: { amount: number; currency: string; fee: number; feeCoin: string },
): void {
  if (feeCoin === currency) {
    if (isMore(amount + Math.max(fee, 0), balance[`${currency}_available`]))
      throw new Error(`User ${currency} balance is lower than amount "${amount}" + fee "${fee}"`)
    return
  }
  if (isMore(amount, balance[`${currency}_available`]))
    throw new Error(`User ${currency} balance is lower than withdrawal amount "${amount}"`)
  if (isMore(fee, balance[`${feeCoin}_available`]))
    throw new Error(`User ${feeCoin} balance is lower than fee amount "${fee}"`)
}

/** The kit compares with mathjs, which throws at what is no number. */
function isMore(wanted: number, available: unknown): boolean {
  if (typeof available !== 'number')
    throw new TypeError('Unexpected type of argument in function compare (expected: number)')
  return wanted > available
}

async function checkLimit(
  state: KitState,
  network: NetworkReads,
  networkId: number,
  amount: number,
  currency: string,
): Promise<void> {
  const limit = state.limits[currency]
  if (!limit) throw new Error(`There is no limit rule defined for the currency ${currency}`)
  if (limit.amount === -1) throw new Error(`Withdrawals are disabled for coin: ${currency}`)
  if (limit.amount === 0) return
  const price = limit.currency === currency ? 1 : state.prices[currency]
  if (price === undefined || price === -1)
    throw new Error(`No conversion found between ${currency} and ${limit.currency}`)
  const { data } = (await network.withdrawals(networkId, '&format=all')) as { data: { amount: number }[] }
  const total = data.reduce((sum, row) => sum + row.amount * price, amount * price)
  if (total > limit.amount)
    throw new Error(
      `Total withdrawn amount would exceed withdrawal limit of ${limit.amount} ${limit.currency}. ` +
        `Last 24 hours withdrawn amount: ${total} ${limit.currency}. Request amount: ${amount} ${currency}`,
    )
}
