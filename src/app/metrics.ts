import type { Figures } from '../db/figures'
import { levelOf } from '../domain/float'
import { stateRow } from '../domain/states'
import { STUCK_AFTER_MS } from '../domain/stuck'
import type { Metrics, Reading } from '../runtime/metrics'
import type { ProviderDirectory } from '../services/payouts/directory'
import type { WatchFigures } from '../services/watch/figures'
import type { Engine } from './engine'

export interface ReadingDeps {
  readonly metrics: Metrics
  readonly figures: WatchFigures
  readonly engine: Pick<Engine, 'runner' | 'watch' | 'silentForMs'>
  readonly providers: ProviderDirectory
  /** Whether a person credits what came back. */
  readonly returnsNeedApproval: boolean
  /** Whether the books are held against the others each day. */
  readonly isReconciled: boolean
}

/** Everything that is counted, with what stands now. Never throws for want of a database. */
export const createMetricsReader =
  ({ metrics, figures, engine, providers, returnsNeedApproval, isReconciled }: ReadingDeps) =>
  async (): Promise<{ text: string; contentType: string }> => {
    const seen = await figures()
    const names = providers.all.map(({ name }) => name)
    metrics.show([
      { name: 'up', value: 1 },
      { name: 'worker_running', value: engine.runner.isRunning() ? 1 : 0 },
      { name: 'process_resident_bytes', value: process.memoryUsage.rss() },
      { name: 'process_uptime_seconds', value: process.uptime() },
      { name: 'database_up', value: seen.databaseAnswers ? 1 : 0 },
      { name: 'snapshot_age_seconds', value: seen.ageSeconds },
      { name: 'reconciliation_scheduled', value: isReconciled ? 1 : 0 },
      ...names.map((provider) => ({
        name: 'provider_silent_seconds' as const,
        labels: { provider },
        value: engine.silentForMs(provider) / 1_000,
      })),
      ...Object.entries(engine.watch.stuck()).map(([state, value]) => ({
        name: 'stuck' as const,
        labels: { state },
        value,
      })),
      ...Object.entries(STUCK_AFTER_MS).map(([state, ms]) => ({
        name: 'age_limit_seconds' as const,
        labels: { state },
        value: ms / 1_000,
      })),
      ...(seen.figures ? readingsOf(seen.figures, names) : []),
      ...(seen.figures && returnsNeedApproval
        ? [
            {
              name: 'questions_open' as const,
              labels: { state: 'returning' },
              value: seen.figures.returnsToAllow,
            },
          ]
        : []),
    ])
    return { text: await metrics.text(), contentType: metrics.contentType }
  }

function readingsOf(figures: Figures, providers: readonly string[]): readonly Reading[] {
  const { standing, oldest, differences, pausedProviders, isStopped } = figures
  const asking = standing.filter(({ state }) => stateRow(state).actedOnBy === 'person')
  return [
    ...standing.flatMap(({ state, currency, count, amount }) => [
      { name: 'standing' as const, labels: { state, currency }, value: count },
      // Approximate by nature: what is exact is in the books.
      { name: 'standing_amount' as const, labels: { state, currency }, value: Number(amount) },
    ]),
    ...oldest.map(({ state, currency, seconds }) => ({
      name: 'oldest_seconds' as const,
      labels: { state, currency },
      value: Math.max(0, seconds),
    })),
    ...asking.map(({ state, count }) => ({
      name: 'questions_open' as const,
      labels: { state },
      value: count,
    })),
    ...differences.map(({ kind, count }) => ({
      name: 'differences_open' as const,
      labels: { kind },
      value: count,
    })),
    { name: 'stopped', value: isStopped ? 1 : 0 },
    ...floatReadings(figures),
    ...tellingReadings(figures),
    ...providers.map((provider) => ({
      name: 'provider_paused' as const,
      labels: { provider },
      value: pausedProviders.includes(provider) ? 1 : 0,
    })),
  ]
}

const floatReadings = ({ floats, fundingCalls, now }: Figures): readonly Reading[] => [
  ...floats.flatMap((float): readonly Reading[] => {
    const labels = { provider: float.provider, currency: float.currency }
    const level = levelOf(float)
    return [
      { name: 'float_queued', labels, value: Number(float.queued) },
      { name: 'float_waiting', labels, value: float.waitingCount },
      ...(level
        ? [
            { name: 'float_available' as const, labels, value: Number(level.available) },
            { name: 'float_old' as const, labels, value: level.isOld ? 1 : 0 },
          ]
        : []),
    ]
  }),
  ...fundingCalls.flatMap(({ provider, currency, amount, neededBy }): readonly Reading[] => [
    { name: 'funding_call_amount', labels: { provider, currency }, value: Number(amount) },
    {
      name: 'funding_needed_in_seconds',
      labels: { provider, currency },
      value: (neededBy.getTime() - now.getTime()) / 1_000,
    },
  ]),
]

const tellingReadings = ({ deliveries, books }: Figures): readonly Reading[] => [
  ...deliveries.flatMap(({ audience, waiting, oldestSeconds, dead }): readonly Reading[] => [
    { name: 'deliveries_waiting', labels: { audience }, value: waiting },
    { name: 'deliveries_dead', labels: { audience }, value: dead },
    ...(oldestSeconds === null
      ? []
      : [
          {
            name: 'deliveries_oldest_seconds' as const,
            labels: { audience },
            value: Math.max(0, oldestSeconds),
          },
        ]),
  ]),
  {
    name: 'reconciliation_completed_at_seconds',
    value: books.completedAt ? Math.floor(books.completedAt.getTime() / 1_000) : 0,
  },
  { name: 'reconciliation_incomplete', value: books.incomplete },
  { name: 'proofs_open', value: books.openProofs },
]
