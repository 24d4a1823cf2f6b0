import { checkedPage } from '../../../src/services/payouts/checked-answers'

const RANGE = {
  since: new Date('2026-03-01T00:00:00Z'),
  until: new Date('2026-03-02T00:00:00Z'),
  cursor: null,
}
const payout = (changes: object = {}) => ({
  ...{ key: 'BW-1', reference: 'R1', amount: '10.5', currency: 'eur', state: 'paid' },
  ...{ at: '2026-03-01T12:00:00.000Z', ...changes },
})
const page = (changes: object) => checkedPage({ payouts: [payout(changes)], next: null }, RANGE)

/** Goal: what is read of a list can be written; a page that cannot be would be asked for again and again. */
describe('a page of what a provider lists', () => {
  it.each([
    ['another zone', '2026-03-01T13:00:00+01:00'],
    ['words, as no database reads them', 'Sun Mar 01 2026 12:00:00 GMT+0000 (midday)'],
  ])('has its times in one writing, given in %s', (_what, at) => {
    expect(page({ at })).toEqual({ kind: 'page', page: { payouts: [payout()], next: null } })
  })

  it.each([
    ['a state within a list', { state: ['paid'] }],
    ['a time that is none', { at: '2026-13-01T00:00:00Z' }],
    ['an amount that is none', { amount: '١٢' }],
    ['a reference that no database takes', { reference: 'R\u0000' }],
  ])('is none with %s', (_what, changes) => {
    expect(page(changes)).toEqual({ kind: 'unknown', why: 'malformed answer: a payout' })
  })
})
