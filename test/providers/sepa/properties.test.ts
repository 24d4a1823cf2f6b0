import fc from 'fast-check'

import { maskIdentifier } from '../../../src/domain/destination'
import { redactText } from '../../../src/domain/redaction'
import { ibanProblem, isBic } from '../../../src/providers/sepa/account'
import { payoutProblems } from '../../../src/providers/sepa/check'
import { createPace } from '../../../src/providers/sepa/pace'
import { paymentFile } from '../../../src/providers/sepa/pain001'
import { all, attributeAt, parseXml, textAt } from '../../../src/providers/sepa/reader/xml-tree'
import type { SepaSettings } from '../../../src/providers/sepa/settings'
import { anItem } from './rig'

/** Goal: what holds of one account, name or file holds of all. Method: many made by chance, and good ones with one mistake. */
const IBANS = [
  ...['DE89370400440532013000', 'NL91ABNA0417164300', 'FR1420041010050500013M02606', 'HR1210010051863000160'],
  ...['BE68539007547034', 'MT84MALT011000012345MTLCAST001S', 'NO9386011117947', 'IE29AIBK93115212345678'],
]
const anIban = fc.constantFrom(...IBANS)
const PLAN = { messageId: 'M1', createdAt: new Date(0), executionDate: '2026-01-05' }
const SETTINGS = {
  ...{ debtorName: 'Example Exchange', debtorIban: 'DE89370400440532013000', debtorBic: 'COBADEFFXXX' },
  ...{ version: '09', charset: 'sepa-latin', batchBooking: true, instant: false, initiatingParty: '' },
  ...{ debtorTown: 'Berlin', debtorCountry: 'DE', debtorStreet: '', debtorPostcode: '' },
} as unknown as SepaSettings

describe('An account number', () => {
  it('with one digit changed, or two neighbours swapped, is none', () => {
    fc.assert(
      fc.property(anIban, fc.nat(), fc.integer({ min: 1, max: 9 }), (iban, place, by) => {
        expect(ibanProblem(iban)).toBeNull()
        const digits = [...iban].flatMap((sign, at) => (/\d/.test(sign) && at > 1 ? [at] : []))
        const at = digits[place % digits.length] ?? 2
        const changed = `${iban.slice(0, at)}${(Number(iban[at]) + by) % 10}${iban.slice(at + 1)}`
        expect(ibanProblem(changed)).not.toBeNull()
        const [one = '', other = ''] = [iban[at], iban[at + 1]]
        const swapped = `${iban.slice(0, at)}${other}${one}${iban.slice(at + 2)}`
        if (/\d/.test(other) && one !== other) expect(ibanProblem(swapped)).not.toBeNull()
      }),
    )
  })

  it('and a bank’s code of any other shape are refused, whatever they are, and never thrown over', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        if (ibanProblem(text) === null) expect(text).toMatch(/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/)
        if (isBic(text)) expect(text).toMatch(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/)
      }),
    )
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{4}(DE|NL|FR)[A-Z0-9]{2}([A-Z0-9]{3})?$/), (bic) => {
        for (const wrong of [bic.slice(1), `${bic}A`, bic.replace(/^./, '1')])
          expect(isBic(wrong)).toBe(false)
      }),
    )
  })

  it('is taken out of any text, however it is printed, and no mask shows more than a third of it', () => {
    const style = fc.constantFrom<(iban: string) => string>(
      (iban) => iban,
      (iban) => iban.toLowerCase(),
      (iban) => iban.replace(/(.{4})/g, '$1 ').trim(),
      (iban) => iban.replace(/(.{4})(?=.)/g, '$1-').toLowerCase(),
    )
    fc.assert(
      fc.property(anIban, style, fc.lorem({ maxCount: 4 }), (iban, printed, words) => {
        const left = redactText(`${words}: ${printed(iban)}, ${words}.`)
        expect(left.replace(/[\s.-]/g, '').toUpperCase()).not.toContain(iban)
        expect(left).toContain('[account]')
        expect(redactText(left)).toBe(left)
      }),
    )
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{1,40}$/), (text) => {
        expect(maskIdentifier(text).replace('…', '').length * 3).toBeLessThanOrEqual(text.length)
      }),
    )
  })
})

describe('A payment file', () => {
  const cents = fc.integer({ min: 1, max: 99_999_999_999 })
  const item = fc
    .tuple(fc.nat(9_999), cents, anIban, fc.string({ unit: 'binary', maxLength: 90 }))
    .map(([number, amount, iban, name]) => {
      const digits = String(amount).padStart(3, '0')
      const text = `${digits.slice(0, -2)}.${digits.slice(-2)}`.replace(/\.?0+$/, '')
      return { ...anItem(number + 1, text, iban, name), cents: amount }
    })

  it('of whatever passed the checks is XML that says exactly who gets what, and what that comes to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 6 }), async (given) => {
        const items = given.filter((each) => payoutProblems(each, SETTINGS).length === 0)
        fc.pre(items.length > 0)
        const file = paymentFile(items, PLAN, SETTINGS)
        expect(paymentFile(items, PLAN, SETTINGS).equals(file)).toBe(true)
        const document = await parseXml(
          file,
          {},
          { check: () => {}, pace: createPace(() => Promise.resolve()) },
        )
        const payments = all(document, 'CstmrCdtTrfInitn', 'PmtInf', 'CdtTrfTxInf')
        expect(payments.map((each) => textAt(each, 'CdtrAcct', 'Id', 'IBAN'))).toEqual(
          items.map(({ destination }) => (destination as { iban: string }).iban),
        )
        expect(payments.map((each) => inCents(textAt(each, 'Amt', 'InstdAmt')))).toEqual(
          items.map((each) => BigInt(each.cents)),
        )
        expect(payments.every((each) => attributeAt(each, 'Ccy', 'Amt', 'InstdAmt') === 'EUR')).toBe(true)
        expect(inCents(textAt(document, 'CstmrCdtTrfInitn', 'GrpHdr', 'CtrlSum'))).toBe(
          items.reduce((sum, each) => sum + BigInt(each.cents), 0n),
        )
        for (const each of payments)
          expect(textAt(each, 'Cdtr', 'Nm')).toMatch(/^[A-Za-z0-9/\-?:().,'+ ]{1,70}$/)
      }),
    )
  })
})

const inCents = (text: string | null): bigint => BigInt(String(text).replace('.', ''))
