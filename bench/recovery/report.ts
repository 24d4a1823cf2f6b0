import type { Goal } from '../goals'
import type { RecoveryResult } from './run'

const seconds = (ms: number): string => (ms / 1_000).toFixed(1)

const processorOf = ({ cpuUs }: RecoveryResult): string =>
  cpuUs === undefined ? '' : ` ${Math.round(cpuUs.own ?? NaN)} + ${Math.round(cpuUs.postgres ?? NaN)} |`

export const recoveryTable = (result: RecoveryResult): string[] => [
  '| with the bank when the process was killed | bank answers in | start of the next, s | first end, s after it | half | all |' +
    (result.cpuUs === undefined ? '' : ' own + PostgreSQL’s CPU, µs each |') +
    ' audit |',
  '|---|---|---|---|---|---|---|' + (result.cpuUs === undefined ? '' : '---|'),
  `| ${result.rows.toLocaleString('en')} (${Object.entries(result.inFlight)
    .map(([state, count]) => `${state} ${count.toLocaleString('en')}`)
    .join(
      ', ',
    )}) | ${result.providerMs} ms | ${seconds(result.bootMs)} | ${seconds(result.firstMs)} | ${seconds(result.halfMs)} | ${seconds(result.allMs)} |${processorOf(result)} ${result.complaints.length > 0 ? `disqualified: ${result.complaints.join('; ')}` : 'each paid and settled once'} |`,
]

export function recoveryGoals({ rows, firstMs, allMs, complaints }: RecoveryResult): Goal[] {
  const isSound = complaints.length === 0
  const within = (what: string, ms: number, goalMs: number): Goal => ({
    what: `recovery of ${rows.toLocaleString('en')}: ${what}, s after the start`,
    goal: `<= ${goalMs / 1_000}`,
    seen: seconds(ms) + (isSound ? '' : ', disqualified'),
    isMet: ms <= goalMs && isSound,
  })
  return [within('first progress', firstMs, 1_500), within('all resolved', allMs, 30_000)]
}
