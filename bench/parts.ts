import type { PostgresServer } from '../test/helpers/postgres-server'
import { batchGoals, batchTable } from './batches/report'
import { type BatchPlan, measureBatches } from './batches/run'
import { churnGoals, churnTables } from './churn/report'
import { type ChurnPlan, measureChurn } from './churn/run'
import { embeddedGoals, embeddedTable } from './embedded/report'
import { type EmbeddedPlan, measureEmbedded } from './embedded/run'
import type { Goal } from './goals'
import { instancesGoals, instancesTable } from './instances/report'
import { type InstancesPlan, measureInstances } from './instances/run'
import { measureListsOn } from './lists'
import { listGoals, listTable } from './lists/report'
import { peersGoals, peersTable } from './peers/report'
import { measurePeers, type PeersPlan } from './peers/run'
import { recoveryGoals, recoveryTable } from './recovery/report'
import { measureRecovery, type RecoveryPlan } from './recovery/run'
import { requestPathGoals, requestPathTable } from './request-path/report'
import { measureRequestPath, type RequestPathPlan } from './request-path/run'

export interface Plan {
  readonly requests: RequestPathPlan
  readonly batches: BatchPlan
  readonly peers: PeersPlan
  readonly recovery: RecoveryPlan
  readonly instances: InstancesPlan
  readonly lists: { readonly rows: number; readonly rounds: number }
  readonly embedded: EmbeddedPlan
  readonly churn: ChurnPlan
}
export type PartName = keyof Plan

type Say = (line: string) => void

interface Part<Name extends PartName, Result> {
  measure(server: PostgresServer, plan: Plan[Name], say: Say): Promise<Result>
  /** Lines of Markdown; one table after another. */
  tables(result: Result, plan: Plan[Name]): readonly (readonly string[])[]
  goals(result: Result, plan: Plan[Name]): Goal[]
}

const part = <Name extends PartName, Result>(of: Part<Name, Result>): Part<Name, Result> => of

/** What is measured, in this order. */
export const PARTS = {
  requests: part<'requests', Awaited<ReturnType<typeof measureRequestPath>>>({
    measure: measureRequestPath,
    tables: (result, plan) => plan.connections.map((count) => requestPathTable(result, count)),
    // With the most connections: of fewer the table is enough.
    goals: (result, plan) => requestPathGoals(result, Math.max(...plan.connections)),
  }),
  batches: part<'batches', Awaited<ReturnType<typeof measureBatches>>>({
    measure: measureBatches,
    tables: (result) => [batchTable(result)],
    goals: batchGoals,
  }),
  peers: part<'peers', Awaited<ReturnType<typeof measurePeers>>>({
    measure: measurePeers,
    tables: (result) => [peersTable(result)],
    goals: peersGoals,
  }),
  recovery: part<'recovery', Awaited<ReturnType<typeof measureRecovery>>>({
    measure: measureRecovery,
    tables: (result) => [recoveryTable(result)],
    goals: recoveryGoals,
  }),
  instances: part<'instances', Awaited<ReturnType<typeof measureInstances>>>({
    measure: measureInstances,
    tables: (result) => [instancesTable(result)],
    goals: instancesGoals,
  }),
  lists: part<'lists', Awaited<ReturnType<typeof measureListsOn>>>({
    measure: measureListsOn,
    tables: (result, plan) => [[`${plan.rows.toLocaleString('en')} withdrawals:`, '', ...listTable(result)]],
    goals: listGoals,
  }),
  embedded: part<'embedded', Awaited<ReturnType<typeof measureEmbedded>>>({
    measure: (_server, plan, say) => measureEmbedded(plan, say),
    tables: (result) => [embeddedTable(result)],
    goals: embeddedGoals,
  }),
  churn: part<'churn', Awaited<ReturnType<typeof measureChurn>>>({
    measure: (_server, plan, say) => measureChurn(plan, say),
    tables: churnTables,
    goals: churnGoals,
  }),
} as const satisfies { readonly [Name in PartName]: Part<Name, never> | Part<Name, unknown> }

export const PART_NAMES = Object.keys(PARTS) as PartName[]
/** Takes an hour: measured only where it is asked for by name. */
export const BY_NAME_ONLY: readonly PartName[] = ['churn']
type ResultOf<Name extends PartName> = Awaited<ReturnType<(typeof PARTS)[Name]['measure']>>

/** What was found; a part that was not asked for is not in it. */
export type Results = { readonly [Name in PartName]?: ResultOf<Name> }

/** The parts that were asked for, one after the other. */
export async function measureParts(
  server: PostgresServer,
  plan: Plan,
  { names, say }: { names: readonly PartName[]; say: Say },
): Promise<Results> {
  const results: Partial<Record<PartName, unknown>> = {}
  for (const name of PART_NAMES)
    if (names.includes(name)) results[name] = await anyPart(name).measure(server, plan[name], say)
  return results as Results
}

export const tablesOf = (results: Results, plan: Plan, name: PartName): readonly (readonly string[])[] =>
  results[name] === undefined ? [] : anyPart(name).tables(results[name], plan[name])

export const goalsOf = (results: Results, plan: Plan): readonly Goal[] =>
  PART_NAMES.flatMap((name) =>
    results[name] === undefined ? [] : anyPart(name).goals(results[name], plan[name]),
  )

/** Each is only ever given its own plan and its own results. */
const anyPart = (name: PartName) => PARTS[name] as Part<PartName, unknown>
