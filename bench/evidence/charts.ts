import { spreadOf } from '../numbers'
import type { Plan, Results } from '../parts'
import { PEER_NAMES, PEERS } from '../peers/run'
import { ARM_NAMES, ARMS, isOurs } from '../request-path/arms'
import type { Bar, BarChart } from './bar-chart'

export interface NamedChart extends BarChart {
  /** Of its file, without the ending. */
  readonly name: string
}

const bar = (label: string, values: readonly number[], isOther = false): Bar => {
  const { median: value, min, max } = spreadOf(values)
  return { label, value, min, max, isOther }
}

/** What is drawn of a run, from what it has measured. */
export const chartsOf = (results: Results, plan: Plan): readonly NamedChart[] => [
  ...requestCharts(results, plan),
  ...batchCharts(results),
  ...peerCharts(results),
  ...instanceCharts(results),
  ...listCharts(results, plan),
]

function requestCharts({ requests }: Results, { requests: { connections } }: Plan): NamedChart[] {
  const busiest = Math.max(...connections)
  const at = ARM_NAMES.flatMap((arm) => {
    const rounds = (requests?.rounds ?? []).filter(
      (round) => round.arm === arm && round.connections === busiest,
    )
    return rounds.length === 0 ? [] : [{ arm, rounds }]
  })
  if (at.length === 0) return []
  const bars = (values: (rounds: (typeof at)[number]['rounds']) => readonly number[]) =>
    at.map(({ arm, rounds }) => bar(ARMS[arm].title, values(rounds), !isOurs(arm)))
  return [
    {
      name: 'bench-requests',
      title: `Requests answered, ${busiest} connections`,
      unit: 'a second',
      bars: bars((rounds) => rounds.map(({ perSecond }) => perSecond)),
    },
    {
      name: 'bench-request-cpu',
      title: `Processor time of a request, server and PostgreSQL, ${busiest} connections`,
      unit: 'µs',
      bars: bars((rounds) => rounds.map(({ cpuUs, postgresUs }) => cpuUs + (postgresUs ?? 0))),
    },
  ]
}

function batchCharts({ batches }: Results): NamedChart[] {
  const plain = (batches ?? []).filter(({ plan: { batchSize, providerMs, exchangeMs, concurrency } }) =>
    [batchSize, providerMs, exchangeMs, concurrency].every((given) => given === undefined),
  )
  if (plain.length === 0) return []
  const bars = plain.flatMap(({ plan: { rows }, sendUs, settleUs }) => [
    { label: `${rows.toLocaleString('en')} ready: frozen and sent`, value: sendUs },
    { label: `${rows.toLocaleString('en')} ready: settled`, value: settleUs, isOther: true },
  ])
  return [{ name: 'bench-batches', title: 'A withdrawal in a batch of 1,000', unit: 'µs', bars }]
}

function peerCharts({ peers }: Results): NamedChart[] {
  if (!peers) return []
  const bars = PEER_NAMES.map((peer) =>
    bar(
      PEERS[peer],
      peers.rounds.filter((round) => round.peer === peer).map(({ usEach }) => usEach),
      peer !== 'ours',
    ),
  )
  const title = `Draining ${peers.jobs.toLocaleString('en')}: time for each, less is better`
  return [{ name: 'bench-peers', title, unit: 'µs', bars }]
}

function instanceCharts({ instances }: Results): NamedChart[] {
  if (!instances) return []
  const bars = instances.map(({ instances: count, perSecond }) => ({
    label: count === 1 ? '1 instance' : `${count} instances`,
    value: perSecond,
  }))
  return [
    {
      name: 'bench-instances',
      title: 'Withdrawals paid by instances on one PostgreSQL',
      unit: 'a second',
      bars,
    },
  ]
}

function listCharts({ lists }: Results, { lists: { rows } }: Plan): NamedChart[] {
  if (!lists) return []
  const bars = lists.map(({ what, median: value, min, max, goal }) => ({
    ...{ label: what, value, min, max },
    isOther: goal === null,
  }))
  return [
    { name: 'bench-lists', title: `Lists of ${rows.toLocaleString('en')} withdrawals`, unit: 'ms', bars },
  ]
}
