import type { Goal } from '../goals'
import type { EmbeddedResult } from './run'

const ms = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)))

export const embeddedTable = (results: readonly EmbeddedResult[]): string[] => [
  '| `npm start`, embedded database, paying | a second | p50 / p99 ms | CPU each, ms | failed, timed out | `/health/live` meanwhile: p50 / p99 / slowest ms |',
  '|---|---|---|---|---|---|',
  ...results.map(
    ({ connections, perSecond, p50Ms, p99Ms, cpuMs, failed, timeouts, live }) =>
      `| ${connections} connections | ${Math.round(perSecond)} | ${ms(p50Ms)} / ${ms(p99Ms)} | ${cpuMs === null ? '?' : ms(cpuMs)} | ${failed}, ${timeouts} | ${ms(live.p50Ms)} / ${ms(live.p99Ms)} / ${ms(live.maxMs)} |`,
  ),
]

export function embeddedGoals(results: readonly EmbeddedResult[]): Goal[] {
  const at = (count: number) => results.find(({ connections }) => connections === count)
  const [twenty, fifty] = [at(20), at(50)]
  const lost = results.reduce((sum, { failed, timeouts }) => sum + failed + timeouts, 0)
  return [
    ...(fifty
      ? [
          {
            what: 'embedded: /health/live, slowest, ms, 50 connections',
            goal: '< 50',
            seen: ms(fifty.live.maxMs),
            isMet: fifty.live.maxMs < 50,
          },
        ]
      : []),
    ...(twenty
      ? [
          {
            what: 'embedded: POST that pays, p99 ms, 20 connections',
            goal: '< 1000',
            seen: ms(twenty.p99Ms),
            isMet: twenty.p99Ms < 1_000,
          },
        ]
      : []),
    { what: 'embedded: requests without an answer', goal: '0', seen: String(lost), isMet: lost === 0 },
  ]
}
