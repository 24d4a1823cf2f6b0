import fs from 'node:fs'
import path from 'node:path'

import type { Verdict } from './check'
import { ask } from './cluster'

/** `kills:3, stalls:1` */
export const counted = (counts: object): string =>
  JSON.stringify(counts).replace(/["{}]/g, '').replaceAll(',', ', ')

/** Says what happened. @returns Whether all is well. */
export function conclude(result: {
  verdict: Verdict
  done: Readonly<Record<string, number>>
  /** What persons were asked when the load had come to rest, by reason. */
  asked: Readonly<Record<string, number>>
  loadSeconds: number
  restSeconds: number
  restarts: number[]
  failures: ReadonlyMap<number, number>
  problems: readonly string[]
}): boolean {
  const { verdict, done, loadSeconds, restarts } = result
  const sorted = [...restarts].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]
  console.log(`faults:        ${counted(done)}`)
  console.log(
    `withdrawals:   ${verdict.withdrawals} stored, ${verdict.acknowledged} acknowledged; ${counted(verdict.byState)}`,
  )
  console.log(`other answers: ${counted(Object.fromEntries(result.failures))} (by status, 0 is none)`)
  console.log(
    `truth:         ${verdict.burns} burns, ${verdict.payouts} payouts, ${verdict.repeatedOrders} repeated orders`,
  )
  console.log(
    `load:          ${loadSeconds.toFixed(0)} s, ${(verdict.acknowledged / loadSeconds).toFixed(1)} acknowledged/s`,
  )
  console.log(`asked:         ${counted(result.asked)}`)
  console.log(`at rest after: ${result.restSeconds.toFixed(1)} s`)
  console.log(`restart to first acknowledgement: median ${median?.toFixed(0) ?? '-'} ms of ${sorted.length}`)
  console.log(
    `late locks (documented limit): ${verdict.lateLocks.length} ${verdict.lateLocks.slice(0, 5).join(' ')}`,
  )
  const problems = [...verdict.violations, ...result.problems]
  // Without a stop in the middle of a request there is no excuse.
  if (done.stalls === 0) problems.push(...verdict.lateLocks.map((id) => `I4 locked late: ${id}`))
  if (done.badStops) problems.push(`${done.badStops} servers did not stop as asked`)
  for (const problem of problems.slice(0, 40)) console.log(`VIOLATION ${problem}`)
  console.log(problems.length === 0 ? 'All invariants hold.' : `${problems.length} violations.`)
  return problems.length === 0
}

/** For whoever looks into a violation: the database itself is gone by then. */
export async function dumpRows(databaseUrl: string, directory: string): Promise<void> {
  for (const table of [
    'withdrawals',
    'journal',
    'differences',
    'retired_payouts',
    'operator_actions',
    'batches',
  ]) {
    const rows = await ask(databaseUrl, `select to_jsonb(t) as row from bank_withdrawal.${table} t`)
    fs.writeFileSync(
      path.join(directory, `${table}.jsonl`),
      rows.map(({ row }) => JSON.stringify(row)).join('\n'),
    )
  }
}
