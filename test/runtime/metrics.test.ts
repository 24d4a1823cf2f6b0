import { createMetrics, GAUGES, LABEL_VALUES_MAX } from '../../src/runtime/metrics'
import { samplesOf } from '../helpers/samples'

const textOf = async (metrics: ReturnType<typeof createMetrics>) => samplesOf(await metrics.text())

describe('what is counted', () => {
  it('stays bounded, whatever a stranger and an exchange send', async () => {
    const metrics = createMetrics()
    for (let n = 0; n < 1_000; n++) {
      metrics.request({ route: `/made-up/${n}`, method: `M${n}`, status: 404, seconds: 0.1 })
      metrics.remoteCall({ party: `p${n}`, call: `c${n}`, outcome: `o${n}`, seconds: 1 })
      metrics.transition({ from: 'ready', to: 'submitting', currency: `x${n}` })
      metrics.batchGroup({ provider: `p${n}`, currency: `x${n}`, result: 'sent' })
    }
    const samples = await textOf(metrics)
    const valuesOf = (name: string, label: string) =>
      new Set(samples.filter((sample) => sample.name === name).map(({ labels }) => labels[label]))

    expect(valuesOf('bank_withdrawal_http_requests_total', 'route').size).toBe(LABEL_VALUES_MAX.route + 1)
    expect(valuesOf('bank_withdrawal_http_requests_total', 'method')).toEqual(new Set(['other']))
    expect(valuesOf('bank_withdrawal_transitions_total', 'currency').size).toBe(LABEL_VALUES_MAX.currency + 1)
    expect(valuesOf('bank_withdrawal_remote_calls_total', 'party').size).toBe(LABEL_VALUES_MAX.provider + 1)
    expect(valuesOf('bank_withdrawal_remote_calls_total', 'call').size).toBe(LABEL_VALUES_MAX.call + 1)
    // Nothing is lost by it: what has no series of its own is in the one of all others.
    const requests = samples.filter(({ name }) => name === 'bank_withdrawal_http_requests_total')
    expect(requests.reduce((sum, { value }) => sum + value, 0)).toBe(1_000)
  })

  it('is counted for each app apart', async () => {
    const [one, other] = [createMetrics(), createMetrics()]
    one.transition({ from: 'ready', to: 'submitting', currency: 'eur' })
    const moved = (await textOf(other)).filter(({ name }) => name === 'bank_withdrawal_transitions_total')
    expect(moved).toEqual([])
  })

  it('forgets what no longer stands', async () => {
    const metrics = createMetrics()
    metrics.show([{ name: 'oldest_seconds', labels: { state: 'ready', currency: 'eur' }, value: 9 }])
    metrics.show([{ name: 'up', value: 1 }])
    const samples = await textOf(metrics)
    expect(samples.filter(({ name }) => name === 'bank_withdrawal_oldest_seconds')).toEqual([])
  })

  it('has no label that could name a person, an account or a withdrawal', () => {
    const labels = new Set(Object.values(GAUGES).flatMap(([names]) => names as readonly string[]))
    expect([...labels].sort()).toEqual(['audience', 'currency', 'kind', 'provider', 'state'])
  })
})
