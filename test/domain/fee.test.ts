import fc from 'fast-check'

import {
  chargesOf,
  FEE_MODES,
  isFeeDeducted,
  leavesNothing,
  modeOfForeignBurn,
  NETWORK_FEES,
  networkFeeOf,
} from '../../src/domain/fee'
import { readDecimal, toMinorUnits } from '../../src/domain/money'

const SEED = { seed: Number(process.env.TEST_SEED) }
const money = (minor: bigint) => readDecimal(`${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`) ?? ''
const cents = (amount: string) => toMinorUnits(amount, 2)
const someMoney = fc.bigInt({ min: 1n, max: 10n ** 12n })
const someFee = fc.bigInt({ min: 0n, max: 10n ** 4n })

describe('The fee of a withdrawal', () => {
  it.each([
    ['on_top', '10', '0.5', { networkFee: '0.5', needed: '10.5', payoutAmount: '10' }],
    ['deducted', '10', '0.5', { networkFee: '0', needed: '10', payoutAmount: '9.5' }],
    ['on_top', '10', '0', { networkFee: '0', needed: '10', payoutAmount: '10' }],
    ['deducted', '10', '0', { networkFee: '0', needed: '10', payoutAmount: '10' }],
  ] as const)('%s of %s with a fee of %s costs what it says', (mode, amount, fee, charges) => {
    expect(chargesOf(mode, amount, fee)).toEqual(charges)
  })

  it('is kept by the exchange once, whoever bears it: what the user gives is what the beneficiary gets and the fee', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FEE_MODES), someMoney, someFee, (mode, amount, fee) => {
        const { needed, networkFee, payoutAmount } = chargesOf(mode, money(amount), money(fee))
        expect(cents(needed)).toBe(amount + cents(networkFee))
        expect(cents(needed)).toBe(cents(payoutAmount) + fee)
      }),
      SEED,
    )
  })

  it('of a burn of the exchange is taken once, by the network or by us', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FEE_MODES),
        fc.constantFrom(...NETWORK_FEES),
        someMoney,
        someFee,
        (mode, network, amount, fee) => {
          const { payoutAmount } = chargesOf(modeOfForeignBurn(mode, network), money(amount), money(fee))
          const taken = amount + (network === 'charged' ? fee : 0n)
          const kept = taken - cents(payoutAmount)
          expect(kept).toBe(network === 'shown' && mode === 'on_top' ? 0n : fee)
        },
      ),
      SEED,
    )
  })

  it('is told to the network as it was when the withdrawal was accepted', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FEE_MODES), someMoney, someFee, (mode, given, givenFee) => {
        const [amount, fee] = [money(given), money(givenFee)]
        const { payoutAmount, networkFee } = chargesOf(mode, amount, fee)
        expect(networkFeeOf({ amount, fee, payoutAmount })).toBe(networkFee)
        expect(isFeeDeducted({ amount, fee, payoutAmount })).toBe(mode === 'deducted' && givenFee > 0n)
      }),
      SEED,
    )
  })

  it.each([
    ['deducted', '10', '10', true],
    ['deducted', '10', '11', true],
    ['deducted', '10', '9.99', false],
    ['on_top', '10', '11', false],
  ] as const)('%s, of %s, with a fee of %s leaves nothing: %s', (mode, amount, fee, nothing) => {
    expect(leavesNothing(chargesOf(mode, amount, fee))).toBe(nothing)
  })
})
