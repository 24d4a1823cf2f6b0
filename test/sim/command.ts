import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

import { SETUPS, walk } from './exhaustive'
import { runHistory } from './history'
import { MUTANTS } from './mutants'
import type { Mutant } from './process'
import { shrink } from './shrink'
import { describeFailure, type Figures, simulate, toldOf } from './simulate'

const HELP = `npm run sim -- [--histories 1000] [--seed 1] [--mutant name]
    runs that many histories, one per seed from the first on, and prints what happened in them
    --json tells it to a program, and ends at the first that breaks a promise
npm run sim -- --seed 1 --schedule 12:crash_before,40:late_effect [--mutant name]
    tells one history, with exactly these faults ("none" for none)
npm run sim -- --exhaustive [--faults 2] [--setup 1] [--part 0/1] [--minutes 60] [--mutant name]
    walks every schedule of one withdrawal, and of a batch of two, with up to so many faults; a part of the whole, where
    one machine is not enough
npm run sim -- --list
    names the planted mistakes`

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string' },
    schedule: { type: 'string' },
    mutant: { type: 'string' },
    exhaustive: { type: 'boolean', default: false },
    faults: { type: 'string', default: '2' },
    setup: { type: 'string' },
    part: { type: 'string', default: '0/1' },
    minutes: { type: 'string', default: 'Infinity' },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

async function main(): Promise<void> {
  if (values.help) return console.log(HELP)
  if (values.list)
    return MUTANTS.forEach(({ name, believes }) => console.log(`${name.padEnd(34)} ${believes}`))
  const mutant = values.mutant === undefined ? null : MUTANTS.find(({ name }) => name === values.mutant)
  if (mutant === undefined) throw new Error(`There is no mutant ${values.mutant}; --list names them.`)
  if (values.exhaustive) return walkAll(mutant)
  const seed = Number(values.seed ?? randomInt(1, 2 ** 30))
  const histories = Number(values.histories)
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(histories)) throw new Error(HELP)

  if (values.schedule !== undefined) {
    const schedule = values.schedule === 'none' ? '' : values.schedule
    const history = await runHistory({ seed, schedule, mutant, narrate: (line) => console.log(line) })
    console.log(history.violations.length > 0 ? describeFailure(history) : 'every promise was kept')
    process.exitCode = history.violations.length > 0 ? 1 : 0
    return
  }
  const startedAtMs = performance.now()
  if (values.json) {
    const figures = await simulate({ firstSeed: seed, histories, mutant, stopsAtFirst: true })
    return console.log(JSON.stringify(toldOf(figures)))
  }
  const figures = await simulate({ firstSeed: seed, histories, mutant })
  print(figures, (performance.now() - startedAtMs) / 1_000)
  for (const failed of figures.failed.slice(0, 3)) {
    console.log(`\nseed ${failed.seed}, with ${failed.faults.length} faults:\n  ${describeFailure(failed)}`)
    console.log(`the same with as few as it takes:\n  ${describeFailure(await shrink(failed, { mutant }))}`)
  }
  process.exitCode = figures.failed.length > 0 ? 1 : 0
}

async function walkAll(mutant: Mutant | null): Promise<void> {
  const [number = 0, of = 1] = values.part.split('/').map(Number)
  const untilMs = performance.now() + Number(values.minutes) * 60_000
  const setups = SETUPS.filter(
    (_setup, index) => values.setup === undefined || index + 1 === Number(values.setup),
  )
  for (const setup of setups) {
    const startedAtMs = performance.now()
    const { histories, pruned, isCut, failed } = await walk({
      ...{ setup, mutant, faultsMax: Number(values.faults), part: { number, of } },
      goesOn: () => performance.now() < untilMs,
    })
    const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(0)
    const byFaults = histories.map((count, faults) => `${count} with ${faults}`).join(', ')
    console.log(
      `${setup.name}: ${byFaults}; ${pruned} left out that could not differ; ${failed.length} with a broken promise; ` +
        `${seconds} s${isCut ? '; ENDED BEFORE THE END' : ''}`,
    )
    for (const { schedule, what } of failed.slice(0, 5)) console.log(`  ${schedule}: ${what}`)
    if (failed.length > 0) process.exitCode = 1
  }
}

function print(figures: Figures, seconds: number): void {
  const table = (counts: ReadonlyMap<string, number>) =>
    [...counts].sort(([, a], [, b]) => b - a).map(([name, times]) => `  ${name.padEnd(24)} ${times}`)
  const { histories, withdrawals, crashes, events, virtualHours, failed, firstSeed } = figures
  const lines = [
    `seeds ${firstSeed} to ${firstSeed + histories - 1}`,
    `${histories} histories, ${withdrawals} withdrawals, ${crashes} crashes, ${events} events`,
    `${failed.length} histories with a broken promise`,
    `${Math.round(virtualHours)} hours simulated in ${seconds.toFixed(1)} s (${Math.round(histories / seconds)} histories/s)`,
    ...['', 'faults:', ...table(figures.faults), '', 'withdrawals ended as:', ...table(figures.states)],
    ...['', 'promises nobody could keep (test/sim/exclusions.ts):', ...table(figures.excused)],
  ]
  console.log(lines.join('\n'))
}

void main()
