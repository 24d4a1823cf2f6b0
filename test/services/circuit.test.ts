import { createCircuits } from '../../src/services/circuit'
import { ManualClock } from '../kit/manual-clock'

/** Goal: a provider's outage costs few calls, and its end is noticed soon. */
describe('the breaker of a provider', () => {
  const open = () => {
    const clock = new ManualClock()
    return { clock, circuits: createCircuits({ clock, random: { fraction: () => 0.5 } }) }
  }

  it('counts calls that were on their way when it opened as the same outage', () => {
    const { circuits } = open()
    for (let calls = 0; calls < 16; calls++) expect(circuits.enter('bank')).toBe(true)
    for (let calls = 0; calls < 16; calls++) circuits.leave('bank', false)
    expect(circuits.waitMs('bank')).toBe(30_000)
  })

  it('waits longer after each probe that was not answered either', () => {
    const { clock, circuits } = open()
    for (let calls = 0; calls < 5; calls++) circuits.leave('bank', false)
    clock.advance(30_000)
    expect(circuits.enter('bank')).toBe(true)
    circuits.leave('bank', false)
    expect(circuits.waitMs('bank')).toBe(60_000)
  })
})
