import type { Plan } from './parts'

const CHURN: Plan['churn'] = {
  ...{ minutes: 60, perSecond: 12, instances: 4, ended: 200_000 },
  settings: ['defaults', 'advised'],
}

/** Three minutes. */
export const QUICK: Plan = {
  requests: { connections: [50], rounds: 3, seconds: 2, idleRequests: 50, warmRequests: 5_000 },
  batches: { runs: [{ rows: 2_000 }, { rows: 10_000 }] },
  peers: { jobs: 2_000, rounds: 1 },
  recovery: { rows: 2_000, providerMs: 20 },
  instances: { rows: 500, instances: [1, 4] },
  lists: { rows: 50_000, rounds: 5 },
  embedded: { connections: [20, 50], seconds: 5 },
  churn: CHURN,
}

/** Half an hour. */
export const FULL: Plan = {
  requests: { connections: [10, 50], rounds: 5, seconds: 5, idleRequests: 200, warmRequests: 20_000 },
  batches: {
    runs: [
      { rows: 1_000 },
      { rows: 100_000 },
      { rows: 1_000_000 },
      { rows: 1_000, batchSize: 1 },
      { rows: 10_000, batchSize: 100 },
      { rows: 10_000, providerMs: 20 },
      { rows: 10_000, exchangeMs: 50 },
    ],
  },
  peers: { jobs: 50_000, rounds: 3 },
  recovery: { rows: 100_000, providerMs: 20 },
  instances: { rows: 10_000, instances: [1, 2, 4, 10] },
  lists: { rows: 1_000_000, rounds: 9 },
  embedded: { connections: [1, 20, 50], seconds: 15 },
  churn: CHURN,
}

/** To see that it runs: its figures say nothing. */
export const TINY: Plan = {
  requests: {
    connections: [5],
    rounds: 1,
    seconds: 1,
    idleRequests: 3,
    warmRequests: 10,
    arms: ['insert', 'accepting'],
  },
  batches: { runs: [{ rows: 100 }, { rows: 200 }] },
  peers: { jobs: 200, rounds: 1 },
  recovery: { rows: 200, providerMs: 20 },
  instances: { rows: 50, instances: [1, 2] },
  lists: { rows: 5_000, rounds: 1 },
  embedded: { connections: [5], seconds: 1 },
  churn: { ...CHURN, minutes: 1, perSecond: 5, instances: 2, ended: 1_000 },
}
