import { Counter, Gauge, Histogram, Registry } from 'prom-client'

import type { Meter } from '../ports/meter'

/** `route` is a pattern: ids in it would be as many series as there are withdrawals. */
interface AnsweredRequest {
  readonly route: string
  readonly method: string
  readonly status: number
  readonly seconds: number
}

/** One series of a gauge, as it stands now. */
export interface Reading<Name extends string = GaugeName> {
  readonly name: Name
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

/** Counters and gauges of one app: a registry of its own, so that two apps in a process do not add up. */
export interface Metrics extends Meter {
  request(request: AnsweredRequest): void
  /** Puts these in the place of all that the gauges said before. */
  show(readings: readonly Reading[]): void
  /** In the text format of Prometheus. */
  text(): Promise<string>
  readonly contentType: string
}

const PREFIX = 'bank_withdrawal_'

/** Everything that is shown as it stands now: its labels, and what it means in a sentence. */
export const GAUGES = {
  up: [[], 'Always 1: this instance answers.'],
  worker_running: [[], '1 while this instance works off due withdrawals.'],
  process_resident_bytes: [[], 'Memory of this process that is in RAM.'],
  process_uptime_seconds: [[], 'Since this process was started.'],
  database_up: [
    [],
    '0 when the database did not answer this scrape: what is read from it is then as old as snapshot_age_seconds says.',
  ],
  snapshot_age_seconds: [[], 'How old the figures are that are read from the database.'],
  standing: [['state', 'currency'], 'Withdrawals in each state, ends included.'],
  standing_amount: [
    ['state', 'currency'],
    'Their amounts together, in units of the currency; rounded as any metric is.',
  ],
  oldest_seconds: [['state', 'currency'], 'How long the oldest one that is not over has been in its state.'],
  age_limit_seconds: [['state'], 'After so long in a state a person is asked.'],
  stuck: [['state'], 'Withdrawals past that limit, when this instance last looked.'],
  questions_open: [['state'], 'Withdrawals that wait for a person.'],
  differences_open: [['kind'], 'Open differences.'],
  float_available: [
    ['provider', 'currency'],
    'What the account can still pay, by the last who said so; none where nobody did.',
  ],
  float_queued: [['provider', 'currency'], 'What is ready to leave from it.'],
  float_old: [['provider', 'currency'], '1 where that was said too long ago: nothing is held back for it.'],
  float_waiting: [['provider', 'currency'], 'Payouts left behind for want of float.'],
  funding_call_amount: [['provider', 'currency'], 'What is called for; none where no call is open.'],
  funding_needed_in_seconds: [
    ['provider', 'currency'],
    'Until the money that is called for is needed; below zero when that is past.',
  ],
  deliveries_waiting: [
    ['audience'],
    'Messages that endpoints which are on have not taken yet; of each endpoint 5000 at most are counted.',
  ],
  deliveries_oldest_seconds: [['audience'], 'Since the oldest of those was made; none where none waits.'],
  deliveries_dead: [['audience'], 'Messages that were given up; of each endpoint 5000 at most are counted.'],
  reconciliation_scheduled: [[], '1 where the books are held against the others each day.'],
  reconciliation_completed_at_seconds: [
    [],
    'When the last reconciliation ended that has seen everything, in Unix time; 0 where none has yet.',
  ],
  reconciliation_incomplete: [
    [],
    'Reconciliations that have not seen everything, and what they missed nobody has seen since.',
  ],
  proofs_open: [[], 'Days that are over and whose proof could not be closed.'],
  stopped: [[], '1 while everything is stopped by an operator.'],
  provider_paused: [['provider'], '1 while an operator has paused the provider.'],
  provider_silent_seconds: [
    ['provider'],
    'The breaker of this instance: it does not call a silent provider for so long; 0 while it is closed.',
  ],
} as const satisfies Readonly<Record<string, readonly [labels: readonly string[], help: string]>>

export type GaugeName = keyof typeof GAUGES

const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const REMOTE_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/**
 * More values than this of one label are one value together: whatever a stranger sends, and whatever an exchange lists,
 * the number of series stays bounded.
 */
export const LABEL_VALUES_MAX = { route: 120, currency: 100, provider: 50, call: 60, outcome: 30 } as const
type BoundedLabel = keyof typeof LABEL_VALUES_MAX

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export function createMetrics(): Metrics {
  const registry = new Registry()
  const {
    requests,
    requestSeconds,
    transitions,
    calls,
    callSeconds,
    groups,
    batches,
    batchItems,
    deliveries,
  } = createCounters(registry)
  const gauges = createGauges(registry)
  const bounded = createBounds()

  return {
    request({ route, method, status, seconds }) {
      const at = bounded('route', route)
      const known = METHODS.includes(method) ? method : 'other'
      requests.inc({ route: at, method: known, status: String(status) })
      requestSeconds.observe({ route: at }, seconds)
    },
    transition: ({ from, to, currency }) =>
      transitions.inc({ from, to, currency: bounded('currency', currency) }),
    remoteCall({ party: givenParty, call: givenCall, outcome, seconds }) {
      const party = bounded('provider', givenParty)
      const call = bounded('call', givenCall)
      calls.inc({ party, call, outcome: bounded('outcome', outcome) })
      callSeconds.observe({ party, call }, seconds)
    },
    batchGroup: ({ provider, currency, result }) =>
      groups.inc({
        provider: bounded('provider', provider),
        currency: bounded('currency', currency),
        result,
      }),
    batch({ provider, currency, outcome, itemCount }) {
      const labels = { provider: bounded('provider', provider), currency: bounded('currency', currency) }
      batches.inc({ ...labels, outcome: bounded('outcome', outcome) })
      batchItems.inc(labels, itemCount)
    },
    delivery: ({ audience, way, outcome }) => deliveries.inc({ audience, way, outcome }),
    show(readings) {
      for (const gauge of gauges.values()) gauge.reset()
      for (const { name, labels = {}, value } of readings) {
        const shown = Object.fromEntries(
          Object.entries(labels).map(([label, given]) => [
            label,
            label === 'currency' || label === 'provider' ? bounded(label, given) : given,
          ]),
        )
        // What is beyond the bound is counted together, not one over the other.
        gauges.get(name)?.inc(shown, value)
      }
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

function createBounds(): (label: BoundedLabel, value: string) => string {
  const seen: Readonly<Record<BoundedLabel, Set<string>>> = {
    route: new Set(),
    currency: new Set(),
    provider: new Set(),
    call: new Set(),
    outcome: new Set(),
  }
  return (label, value) => {
    const values = seen[label]
    if (values.has(value)) return value
    if (values.size >= LABEL_VALUES_MAX[label]) return 'other'
    values.add(value)
    return value
  }
}

function createCounters(registry: Registry) {
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: PREFIX + name, help, labelNames: [...labelNames], registers })
  const histogram = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    buckets: number[],
  ) => new Histogram({ name: PREFIX + name, help, labelNames: [...labelNames], buckets, registers })

  const requests = counter('http_requests_total', 'Requests, by what they were answered with.', [
    ...(['route', 'method', 'status'] as const),
  ])
  const requestSeconds = histogram(
    'http_request_seconds',
    'From the request to its answer.',
    ['route'],
    HTTP_BUCKETS,
  )
  const transitions = counter('transitions_total', 'Changes of state that this instance made.', [
    ...(['from', 'to', 'currency'] as const),
  ])
  const calls = counter('remote_calls_total', 'Calls to the exchange and to providers, by outcome.', [
    ...(['party', 'call', 'outcome'] as const),
  ])
  const callSeconds = histogram(
    'remote_call_seconds',
    'Until such a call was answered, or given up.',
    ['party', 'call'],
    REMOTE_BUCKETS,
  )
  const groups = counter(
    'batch_groups_total',
    'Looks of batch runs at what is due of one provider and currency.',
    [...(['provider', 'currency', 'result'] as const)],
  )
  const batches = counter('batches_total', 'Batches sent, by what the provider answered.', [
    ...(['provider', 'currency', 'outcome'] as const),
  ])
  const batchItems = counter('batch_items_total', 'Payouts in those batches.', ['provider', 'currency'])
  const deliveries = counter('deliveries_total', 'Messages sent to endpoints, each try by what came of it.', [
    ...(['audience', 'way', 'outcome'] as const),
  ])
  return {
    ...{ requests, requestSeconds, transitions, calls, callSeconds },
    ...{ groups, batches, batchItems, deliveries },
  }
}

const createGauges = (registry: Registry) =>
  new Map(
    Object.entries(GAUGES).map(([name, [labelNames, help]]) => [
      name,
      new Gauge({ name: PREFIX + name, help, labelNames: [...labelNames], registers: [registry] }),
    ]),
  )
