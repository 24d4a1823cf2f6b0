import type { Goal } from '../goals'
import type { CpuUs, DrainPlan, DrainResult } from './drain'

const titleOf = ({
  rows,
  batchSize = 1_000,
  providerMs = 0,
  exchangeMs = 0,
  concurrency,
}: DrainPlan): string =>
  [
    `${rows.toLocaleString('en')} ready, batches of ${batchSize.toLocaleString('en')}`,
    ...(providerMs > 0 ? [`bank ${providerMs} ms`] : []),
    ...(concurrency !== undefined ? [`${concurrency} in hand`] : []),
    ...(exchangeMs > 0 ? [`exchange ${exchangeMs} ms`] : []),
  ].join(', ')

export const batchTable = (results: readonly DrainResult[]): string[] => [
  '| backlog | freeze and send, µs each | own + PostgreSQL’s CPU | settle, µs each | own + PostgreSQL’s CPU | memory, MB | calls to the bank each | WAL, bytes each | audit |',
  '|---|---|---|---|---|---|---|---|---|',
  ...results.map(
    ({ plan, sendUs, settleUs, sendCpuUs, settleCpuUs, rssMb, providerCalls, walBytes, complaints }) =>
      `| ${titleOf(plan)} | ${Math.round(sendUs)} | ${inWords(sendCpuUs)} | ${Math.round(settleUs)} | ${inWords(settleCpuUs)} | ${Math.round(rssMb)} | ${(providerCalls / plan.rows).toFixed(4)} | ${Math.round(walBytes)} | ${complaints.length > 0 ? `disqualified: ${complaints.join('; ')}` : 'each paid and settled once'} |`,
  ),
]

const inWords = ({ own, postgres }: CpuUs): string =>
  `${Math.round(own)} + ${postgres === null ? '?' : Math.round(postgres)}`

const isPlain = ({ plan }: DrainResult): boolean =>
  (plan.batchSize ?? 1_000) === 1_000 &&
  (plan.providerMs ?? 0) === 0 &&
  (plan.exchangeMs ?? 0) === 0 &&
  plan.concurrency === undefined

export function batchGoals(results: readonly DrainResult[]): Goal[] {
  const plain = results.filter(isPlain).sort((a, b) => a.plan.rows - b.plan.rows)
  const [smallest, largest, before] = [plain[0], plain.at(-1), plain.at(-2)]
  if (!smallest || !largest || !before) return []
  const at = `${largest.plan.rows.toLocaleString('en')} ready`
  const atMost = (what: string, seen: number, goal: number, digits = 0): Goal => ({
    what,
    goal: `<= ${goal}`,
    seen: seen.toFixed(digits),
    isMet: seen <= goal && results.every(({ complaints }) => complaints.length === 0),
  })
  const total = ({ sendUs, settleUs }: DrainResult) => sendUs + settleUs
  return [
    atMost(`freeze and send, µs a withdrawal, ${at}`, largest.sendUs, 80),
    atMost(`settle, µs a withdrawal, ${at}`, largest.settleUs, 120),
    atMost(
      `cost of each, ${at}, against ${before.plan.rows.toLocaleString('en')}`,
      total(largest) / total(before),
      1.15,
      2,
    ),
    atMost(
      `memory, MB more than with ${smallest.plan.rows.toLocaleString('en')}`,
      largest.rssMb - smallest.rssMb,
      64,
    ),
    atMost('calls to the bank a withdrawal', largest.providerCalls / largest.plan.rows, 0.003, 4),
  ]
}
