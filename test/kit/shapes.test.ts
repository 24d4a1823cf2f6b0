import { toHold } from '../../src/kit/shapes'

const burn = (changes: object) => ({
  ...{ transaction_id: 'B1', currency: 'eur', amount: 10, status: false, rejected: false, dismissed: false },
  ...{ network_id: 1001, user_id: 1, ...changes },
})

describe('a burn as the exchange lists it', () => {
  it.each([
    [1, 1],
    [1.5, null],
    [1e300, null],
    ['1', null],
    [null, null],
  ])('of the user %p is the burn of %p', (user_id, userId) => {
    expect(toHold(burn({ user_id }))?.userId).toBe(userId)
  })

  it('is nobody’s where the exchange has not said whose it is in its own numbers', () => {
    const { network_id: _none, ...row } = burn({})
    expect(toHold(row)?.userId).toBeNull()
  })
})
