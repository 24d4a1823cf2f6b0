import { addressOf, placeOf } from '../../web/shared/place'

describe('the place that an address names', () => {
  it('is what the address was made of', () => {
    const path = ['withdrawals', 'a/b c%']
    expect(placeOf(addressOf(path, { state: 'in_review,conflict' }))).toEqual({
      path,
      query: { state: 'in_review,conflict' },
    })
  })

  it('is as it was typed where it cannot be decoded, and no page breaks', () => {
    expect(placeOf('#/withdrawals/%')).toEqual({ path: ['withdrawals', '%'], query: {} })
    expect(placeOf('#/%E0%A4%A/?offset=%')).toEqual({ path: ['%E0%A4%A'], query: { offset: '%' } })
  })
})
