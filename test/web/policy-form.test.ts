import { emptyPolicy } from '../../src/domain/policy'
import { readPolicy, writtenPolicy } from '../../src/domain/policy-given'
import {
  draftOf,
  FRESH,
  type PolicyDraft,
  problemsOf,
  writtenOf,
  type WrittenPolicy,
} from '../../web/operator/policy-form'

const EMPTY = emptyPolicy({
  users: { blocked: 'review', flagged: 'review', unverified: 'review' },
  secondPersonAbove: { eur: '100' },
})
const START = draftOf(writtenPolicy(EMPTY))

/** Goal: what the page lets through the server takes. Method: each draft goes through both. */
describe('the form of the policy', () => {
  const right: readonly (readonly [string, Partial<PolicyDraft>])[] = [
    ['nothing at all', {}],
    ['an amount by any method', { amounts: [{ ...FRESH.amounts, currency: 'EUR', max: '99.50' }] }],
    ['a count over all currencies', { limits: [{ ...FRESH.limits, count: '3' }] }],
    [
      'a limit of both',
      { limits: [{ ...FRESH.limits, of: 'exchange', currency: 'eur', amount: ' 1000 ', count: '3' }] },
    ],
    ['a ceiling', { ceilings: [{ currency: 'usd', amount: '0', approvers: '2' }] }],
    ['hours', { coolingOffHours: '24' }],
  ]
  it.each(right)('lets through %s, as the server takes it', (_what, more) => {
    const draft = { ...START, ...more }

    expect([...problemsOf(draft)]).toEqual([])
    expect(readPolicy(writtenOf(draft), EMPTY)).toHaveProperty('policy')
  })

  it.each([
    ['a rule that says nothing', { limits: [FRESH.limits] }, 'limits.0.amount'],
    ['an amount of no currency', { limits: [{ ...FRESH.limits, amount: '5' }] }, 'limits.0.amount'],
    [
      'letters where an amount belongs',
      { amounts: [{ ...FRESH.amounts, currency: 'eur', min: 'ten' }] },
      'amounts.0.min',
    ],
    [
      'bounds that leave nothing',
      { amounts: [{ ...FRESH.amounts, currency: 'eur', min: '9', max: '3' }] },
      'amounts.0.max',
    ],
    [
      'a currency that is none',
      { ceilings: [{ currency: '€', amount: '5', approvers: '1' }] },
      'ceilings.0.currency',
    ],
    [
      'half an approver',
      { ceilings: [{ currency: 'eur', amount: '5', approvers: '1.5' }] },
      'ceilings.0.approvers',
    ],
    ['hours that are none', { coolingOffHours: '' }, 'coolingOffHours'],
    [
      'one currency with two amounts, of which the second alone would be kept',
      {
        second: [
          { currency: 'eur', amount: '100' },
          { currency: ' EUR', amount: '1000' },
        ],
      },
      'second.0.currency',
    ],
  ])('says where %s is', (_what, more, path) => {
    expect([...problemsOf({ ...START, ...more }).keys()]).toContain(path)
  })

  it('writes what it has read', () => {
    const policy: WrittenPolicy = {
      ...(writtenPolicy(EMPTY) as WrittenPolicy),
      amounts: [{ currency: 'eur', method: 'BANK', min: '1', max: null, then: 'review' }],
      limits: [{ of: 'user', per: 'month', currency: null, amount: null, count: 4, then: 'refuse' }],
      ceilings: [{ currency: 'eur', amount: '5', approvers: 2 }],
    }

    expect(writtenOf(draftOf(policy))).toEqual(policy)
  })
})
