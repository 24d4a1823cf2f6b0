import { add, isLess, subtract } from './money'

/**
 * Who bears the fee: the user, `on_top` of what the beneficiary gets, or the beneficiary, from whose payout it is
 * `deducted`. Either way the exchange keeps it, once.
 */
export const FEE_MODES = ['on_top', 'deducted'] as const
export type FeeMode = (typeof FEE_MODES)[number]

/** What the exchange's network does with the fee of a burn: takes it beside the amount, or only shows it. */
export const NETWORK_FEES = ['charged', 'shown'] as const
export type NetworkFees = (typeof NETWORK_FEES)[number]

/**
 * What a withdrawal of `amount` costs whom. Decimal strings; the burn locks `amount` in every mode.
 */
export interface Charges {
  /** What the network is told to take beside the amount. */
  readonly networkFee: string
  /** What the user has to have: the amount, and the fee that is taken beside it. */
  readonly needed: string
  /** What the beneficiary gets; not above zero where the fee takes all of it. */
  readonly payoutAmount: string
}

export const chargesOf = (mode: FeeMode, amount: string, fee: string): Charges =>
  mode === 'deducted'
    ? { networkFee: '0', needed: amount, payoutAmount: subtract(amount, fee) }
    : { networkFee: fee, needed: add(amount, fee), payoutAmount: amount }

/**
 * How the fee of a burn counts that the exchange itself has made, with its fee: what the network has charged already is
 * not taken a second time, whatever the mode of our own.
 */
export const modeOfForeignBurn = (mode: FeeMode, network: NetworkFees): FeeMode =>
  network === 'charged' ? 'on_top' : mode

export const leavesNothing = ({ payoutAmount }: Charges): boolean => !isLess('0', payoutAmount)

interface Charged {
  readonly amount: string
  readonly fee: string
  readonly payoutAmount: string
}

/** The mode a stored withdrawal was accepted in, which the settings may have left since. */
export const isFeeDeducted = ({ amount, payoutAmount }: Charged): boolean => payoutAmount !== amount

/** What the burn of a stored withdrawal tells the network to take beside the amount. */
export const networkFeeOf = (row: Charged): string =>
  chargesOf(isFeeDeducted(row) ? 'deducted' : 'on_top', row.amount, row.fee).networkFee
