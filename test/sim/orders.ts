import type { Generation } from './edges'
import type { World } from './history'

/** Somebody else acts at this very moment, or overtakes whoever stands here. */
export function intrude(world: World, kind: string, generation: Generation): void {
  const [client] = world.clients
  const id = client?.withdrawalId ?? null
  const row = id === null ? undefined : world.store.tables.rows.get(id)
  if (kind.startsWith('overtaken_')) return overtake(world, generation, Number(kind.split('_')[1]))
  if (!row) return
  if (kind === 'user_cancels') client?.cancel()
  if (kind === 'webhook_arrives') world.wake(row.id)
  if (kind.startsWith('operator_acts_')) {
    const key = world.operator.possible(row)[Number(kind.split('_')[2]) - 1]
    if (key) world.operator.do(key, row, false)
  }
}

/** The others take it for dead, and it stands still until they have passed so many points, or its lease is over. */
function overtake(world: World, generation: Generation, points: number): void {
  const { faults, timeline, knobs } = world
  const [from, untilMs] = [faults.count, timeline.nowMs + knobs.leaseSeconds * 1_000]
  generation.isHeld = () => {
    const isOver = faults.count - from >= points || timeline.nowMs >= untilMs
    if (isOver) generation.isHeld = null
    return !isOver
  }
  world.takeForDead(generation)
}
