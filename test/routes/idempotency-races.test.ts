import { createGate } from '../helpers/between'
import { testDatabase } from '../helpers/databases'
import { World } from '../helpers/world'
import { kitWith, request10 } from './support'

describe('Two equal requests under way at once', () => {
  const database = testDatabase('PostgreSQL')

  it('are one withdrawal, also when the first one has taken the balance that the second one is checked for', async () => {
    const gate = createGate()
    let times = 0
    const toolsLib = kitWith({
      wallet: (wallet) => ({
        async validateWithdrawal(...query) {
          if (++times === 1) await gate.wait()
          return wallet.validateWithdrawal(...query)
        },
      }),
    })
    const world = await World.create(database, { around: { toolsLib } })
    const slow = world.post(request10({ amount: 6_000 }), { key: 'k' }).then((answer) => answer)
    await gate.reached
    const fast = await world.post(request10({ amount: 6_000 }), { key: 'k' }).expect(200)

    gate.open()

    const { status, body } = await slow
    expect({ status, id: body.id }).toEqual({ status: 200, id: fast.body.id })
  })
})
