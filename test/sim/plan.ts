import type { Chance } from './chance'
import { Client, type Wish } from './client'
import type { Surroundings } from './edges'
import type { Fault, KindAt } from './faults'
import type { World } from './history'
import { POISON } from './secrecy'

/** Decides before a history begins what will happen in it at which moment, whatever else does. */

const MINUTE = 60_000

type Planned = { readonly index: number }

export function planHistory(world: World): readonly Client[] {
  const { knobs, faults, timeline } = world
  const during = (fault: Planned) => faults.amount(fault, 'at', 0, knobs.faultsUntilMs)
  const clients: Client[] = []
  for (let number = 0; number < knobs.withdrawals; number++) {
    const client = new Client(world, wish(world, number))
    clients.push(client)
    planClient(world, client)
  }
  for (let time = 0; time < 4; time++) {
    const wake = faults.at('plan.wake')
    if (wake) timeline.at(during(wake), null, 'wake', () => wakeAll(world))
  }
  planForProcesses(world, during)
  planSurprises(world, during)
  planStop(world, during)
  return clients
}

function planClient(world: World, client: Client): void {
  const { knobs, faults, timeline, life } = world
  const startMs = life.between(0, knobs.faultsUntilMs * 0.6)
  timeline.at(startMs, null, 'request', () => client.start())
  const soon = (fault: Planned) => startMs + faults.amount(fault, 'at', 0, 90_000)
  const atOnceOr = (fault: Planned, later: (fault: Planned) => number) =>
    faults.amount(fault, 'at once', 0, 1) === 0
      ? startMs + faults.amount(fault, 'at', 0, 1_500)
      : later(fault)
  if (faults.at('plan.retry')) timeline.at(startMs + 3, null, 'request again', () => client.start())
  for (let time = 0; time < 2; time++) {
    const cancel = faults.at('plan.cancel')
    if (cancel) planCancel(world, client, startMs, cancel)
  }
  const foreign = faults.at('plan.foreign')
  if (foreign)
    timeline.at(atOnceOr(foreign, soon), null, foreign.kind, () =>
      decideElsewhere(world, client, foreign.kind),
    )
  const staff = faults.at('plan.staff')
  if (staff) planStaff(world, client, atOnceOr(staff, soon), staff)
  const poison = faults.at('plan.poison')
  if (poison) timeline.at(soon(poison), null, 'poison', () => damage(world, client))
}

function planForProcesses(world: World, during: (fault: Planned) => number): void {
  const { knobs, faults, timeline, around } = world
  for (let time = 0; time < 4; time++) {
    const unseen = faults.at('plan.unseen')
    if (unseen) timeline.at(during(unseen), null, unseen.kind, () => takeOneForDead(world))
  }
  for (let time = 0; time < 3; time++) {
    const kill = faults.at('plan.kill')
    if (kill) timeline.at(during(kill), null, 'kill', () => killOne(world))
    const outage = faults.at('plan.outage')
    if (outage) {
      const what = outage.kind.replace('_down', '') as keyof Surroundings['down']
      const lengthMs = faults.amount(outage, 'length', 1_000, what === 'store' ? MINUTE : 10 * MINUTE)
      timeline.at(during(outage), null, outage.kind, () => {
        around.down[what] = Math.min(timeline.nowMs + lengthMs, knobs.faultsUntilMs)
      })
    }
  }
  for (let time = 0; time < 6; time++) {
    const operator = faults.at('plan.operator')
    if (operator) timeline.at(during(operator), null, 'operator', () => world.operator.act())
  }
  planPause(world, during)
  const all = faults.at('plan.kill_all')
  if (all) timeline.at(during(all), null, 'kill all', () => killAll(world))
  const stop = faults.at('plan.stop')
  if (stop) timeline.at(during(stop), null, 'stop', () => stopOne(world))
}

function planPause(world: World, during: (fault: Planned) => number): void {
  const { knobs, faults, timeline } = world
  const paused = faults.at('plan.provider')
  if (!paused) return
  const atMs = during(paused)
  timeline.at(atMs, null, 'pause', () => decideOverProvider(world, true))
  const forMs = faults.amount(paused, 'length', 1_000, 5 * MINUTE)
  timeline.at(Math.min(atMs + forMs, knobs.faultsUntilMs), null, 'resume', () =>
    decideOverProvider(world, false),
  )
}

/** The database's clock steps; settings are changed, and whoever starts then starts with them. */
function planSurprises(world: World, during: (fault: Planned) => number): void {
  const { faults, timeline, knobs } = world
  for (let time = 0; time < 2; time++) {
    const step = faults.at('plan.clock')
    if (step) {
      const ms = faults.amount(step, 'step', 1_000, 15 * MINUTE)
      timeline.at(during(step), null, step.kind, () => {
        if (step.kind === 'clock_ahead') world.aheadMs += ms
        else world.setBack(Math.min(ms, 2 * MINUTE))
      })
    }
    const change = faults.at('plan.settings')
    if (change) {
      timeline.at(during(change), null, change.kind, () => changeSettings(world, change))
      // One after the other, as they are deployed.
      timeline.at(Math.min(during(change) + 5_000, knobs.faultsUntilMs), null, 'deploy', () => killOne(world))
    }
  }
}

/** Nothing leaves while the switch is off; everything goes on when it is on again. */
function planStop({ knobs, faults, timeline, store }: World, during: (fault: Planned) => number): void {
  const stopped = faults.at('plan.switch')
  if (!stopped) return
  const decide = (isStopped: boolean) => () => {
    const { version } = store.functions.readStop()
    const said = { message: 'Back soon.', reason: 'It was looked into.', actor: 'operator:1' }
    store.functions.setStopped({ ...said, isStopped, version })
  }
  const atMs = during(stopped)
  timeline.at(atMs, null, 'stop everything', decide(true))
  const forMs = faults.amount(stopped, 'length', 1_000, 5 * MINUTE)
  timeline.at(Math.min(atMs + forMs, knobs.faultsUntilMs), null, 'go on', decide(false))
}

function changeSettings(world: World, change: Fault<KindAt<'plan.settings'>>): void {
  const { faults, settings, banks } = world
  const isOther = (name: string) => faults.amount(change, name, 0, 1) === 1
  const isRemoved = change.kind === 'provider_removed' && banks.length > 1
  world.settings = {
    fees: isOther('fees')
      ? { ...settings.fees, mode: settings.fees.mode === 'on_top' ? 'deducted' : 'on_top' }
      : settings.fees,
    mode: isOther('mode') ? (settings.mode === 'batch' ? 'immediate' : 'batch') : settings.mode,
    doubtReviewMs: isOther('doubt') ? 20 * MINUTE : settings.doubtReviewMs,
    isSwapped: isOther('routes') ? !settings.isSwapped : settings.isSwapped,
    isWithoutSecond: isRemoved,
  }
}

function planCancel(
  { timeline, faults, knobs }: World,
  client: Client,
  startMs: number,
  fault: Fault<KindAt<'plan.cancel'>>,
): void {
  const cancelAt = (atMs: number) => timeline.at(atMs, null, 'cancel', () => client.cancel())
  switch (fault.kind) {
    case 'cancel_at_once':
      cancelAt(startMs + faults.amount(fault, 'at', 100, 2_000))
      return
    case 'cancel':
      cancelAt(startMs + faults.amount(fault, 'at', 0, 90_000))
      return
    case 'cancel_often': {
      const everyMs = faults.amount(fault, 'every', 2_000, 15_000)
      for (let atMs = startMs + everyMs; atMs < knobs.faultsUntilMs; atMs += everyMs) cancelAt(atMs)
    }
  }
}

function planStaff(
  { timeline, faults, knobs, wallet }: World,
  client: Client,
  atMs: number,
  fault: Fault<KindAt<'plan.staff'>>,
): void {
  const member = fault.kind === 'put_on_hold' ? 'onHold' : 'waiting'
  timeline.at(atMs, null, fault.kind, () => {
    const burn = wallet.burns.find(
      ({ withdrawalId, state, processing }) =>
        withdrawalId === client.withdrawalId && state === 'pending' && !processing,
    )
    if (!burn) return
    burn[member] = true
    burn.heldSinceMs = timeline.nowMs
    const forMs = faults.amount(fault, 'length', 1_000, 5 * MINUTE)
    const untilMs = Math.min(timeline.nowMs + forMs, knobs.faultsUntilMs)
    timeline.at(untilMs, null, 'let go', () => {
      burn[member] = false
    })
  })
}

function decideOverProvider({ store, banks }: World, isPaused: boolean): void {
  const provider = banks[0]?.name ?? ''
  const known = store.functions.readProviderStates().find((state) => state.provider === provider)
  const said = { provider, reason: 'It was looked into.', actor: 'operator:1' }
  store.functions.setProviderPaused({ ...said, isPaused, version: known?.version ?? 0 })
}

function wish({ life, later, knobs, vault }: World, number: number): Wish {
  const iban = `DE89370400440532${String(number).padStart(6, '0')}`
  return {
    number,
    userId: 1 + life.below(2),
    amount: `${life.between(1, 99)}.${life.between(10, 98) | 1}`,
    currency: later.pick(knobs.currencies),
    iban,
    accountHash: vault.hash({ method: 'BANK', iban }),
    key: life.isLucky(0.75) ? `key-${number}` : null,
    formId: later.isLucky(knobs.byFormShare) ? uuid(later) : null,
  }
}

const uuid = (chance: Chance): string => {
  const hex = (length: number) => Array.from({ length }, () => chance.below(16).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`
}

function killOne(world: World): void {
  const booted = world.anyProcess()
  if (booted) world.kill(booted.generation)
}

function killAll(world: World): void {
  for (const booted of world.processes) if (booted) world.kill(booted.generation)
}

function takeOneForDead(world: World): void {
  const booted = world.anyProcess()
  if (booted) world.takeForDead(booted.generation)
}

/** SIGTERM: it finishes what it has in hand, and is killed when that takes too long. */
function stopOne(world: World): void {
  const booted = world.anyProcess()
  if (!booted) return
  const { generation } = booted
  const end = () => world.kill(generation)
  world.timeline.after(10_000, null, 'stop deadline', end)
  Promise.all([booted.batches.stop(), booted.runner.stop()]).then(end, end)
}

function wakeAll(world: World): void {
  for (const id of world.store.tables.rows.keys()) world.wake(id)
}

function decideElsewhere(
  { wallet, checks, knobs, store }: World,
  { withdrawalId }: Client,
  kind: string,
): void {
  const burn = wallet.burns.find((held) => held.withdrawalId === withdrawalId && held.state === 'pending')
  const isForced = kind.startsWith('forced')
  if (!burn || (burn.processing && !isForced)) return
  if (burn.processing) checks.excuse(burn.withdrawalId, 'forced_change')
  const isHidden = wallet.refusedTwice.has(burn.id) && knobs.wallet.lookupLagMs > 0
  const row = store.tables.rows.get(burn.withdrawalId)
  const isCalledOff = row?.state === 'canceled' && row.canceledBy === 'operator'
  if (kind.endsWith('settle') && (isHidden || isCalledOff))
    checks.excuse(burn.withdrawalId, 'settled_after_refusal')
  wallet.decideElsewhere(burn, kind.endsWith('settle') ? 'settled' : 'released')
}

/** Somebody damages a destination in the table. */
function damage({ store }: World, { withdrawalId }: Client): void {
  if (withdrawalId !== null) store.tamper(withdrawalId, { destination: POISON })
}
