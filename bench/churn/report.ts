import type { Goal } from '../goals'
import type { Bloat } from './bloat'
import type { ArmResult, ChurnResult } from './run'
import type { StatementName, TableName } from './samples'
import { SETTINGS } from './settings'
import type { Minute } from './watch'

/** A stretch of the run: from one minute's sample to a later one. */
interface Stretch {
  readonly from: Minute
  readonly to: Minute
  /** Those after `from`. */
  readonly within: readonly Minute[]
}

/** The first minutes, as many in the middle, and the last: ten each of an hour, a third of less. */
export function stretchesOf(minutes: readonly Minute[]): readonly Stretch[] {
  const last = minutes.length - 1
  const length = Math.max(1, Math.min(10, Math.floor(last / 3)))
  const middle = Math.max(0, Math.floor((last - length) / 2))
  return [0, middle, Math.max(0, last - length)].map((at) => {
    const [from, ...within] = minutes.slice(at, at + length + 1)
    return { from: from as Minute, to: within.at(-1) as Minute, within }
  })
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0)

type Figure = (stretch: Stretch) => string

const perCall =
  (name: StatementName, of: 'ms' | 'pages', by: 'calls' | 'rows', digits: number): Figure =>
  ({ from, to }) => {
    const [before, after] = [from.sample.statements[name], to.sample.statements[name]]
    return ((after[of] - before[of]) / (after[by] - before[by])).toFixed(digits)
  }

const share =
  (part: (minute: Minute) => number, whole: (minute: Minute) => number): Figure =>
  ({ from, to }) =>
    ((100 * (part(to) - part(from))) / (whole(to) - whole(from))).toFixed(1)

const waiting =
  (isMeant: (event: string) => boolean): Figure =>
  ({ within }) => {
    const waited = within.flatMap(({ waits }) =>
      Object.entries(waits).flatMap(([event, count]) => (isMeant(event) ? [count] : [])),
    )
    return ((100 * sumOf(waited)) / sumOf(within.map(({ seen }) => seen))).toFixed(2)
  }

const vacuumed =
  (table: TableName, of: 'vacuums' | 'vacuumMs'): Figure =>
  ({ from, to }) =>
    (to.sample.tables[table][of] - from.sample.tables[table][of]).toFixed(0)

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const atEnd =
  (of: (minute: Minute) => number): Figure =>
  ({ to }) =>
    whole(of(to))
const most =
  (of: (minute: Minute) => number): Figure =>
  ({ within }) =>
    whole(Math.max(...within.map(of)))

const FIGURES: readonly (readonly [string, Figure])[] = [
  ['claim of what is due, ms in the database', perCall('claim', 'ms', 'calls', 2)],
  ['pages it looks at', perCall('claim', 'pages', 'calls', 0)],
  ['claim for a batch, ms in the database', perCall('batchClaim', 'ms', 'calls', 2)],
  ['pages it looks at', perCall('batchClaim', 'pages', 'calls', 0)],
  [
    'claim for a batch, µs of the database for each row',
    (of) => inUs(perCall('batchClaim', 'ms', 'rows', 5)(of)),
  ],
  ['new row, ms for a statement', perCall('insert', 'ms', 'calls', 2)],
  ['freeze, µs for each row', (of) => inUs(perCall('freeze', 'ms', 'rows', 5)(of))],
  ['settle, µs for each row', (of) => inUs(perCall('settle', 'ms', 'rows', 5)(of))],
  ['all statements, ms a second', ({ from, to }) => perSecond(from, to)],
  [
    'claims of what is due that came back empty, %',
    share(
      ({ counts }) => counts.emptyClaims,
      ({ counts }) => counts.claims,
    ),
  ],
  [
    'claims for a batch that came back empty, %',
    share(
      ({ counts }) => counts.emptyBatchClaims,
      ({ counts }) => counts.batchClaims,
    ),
  ],
  ['due rows that a look found, and of those passed over', ({ within }) => lookedAt(within)],
  ['pages of such a look: on average, at most', ({ within }) => pagesOf(within)],
  ['waiting for a lock, % of looks', waiting((event) => event.startsWith('Lock:'))],
  ['waiting for a light lock', waiting((event) => event.startsWith('LWLock:'))],
  ['waiting for the disk', waiting((event) => event.startsWith('IO:'))],
  ['dead rows of withdrawals at the end', atEnd(({ sample }) => sample.tables.withdrawals.dead)],
  ['vacuums of it', vacuumed('withdrawals', 'vacuums')],
  ['which took, ms', vacuumed('withdrawals', 'vacuumMs')],
  [
    'its changes that stayed on their page, %',
    share(
      ({ sample }) => sample.tables.withdrawals.hotUpdates,
      ({ sample }) => sample.tables.withdrawals.updates,
    ),
  ],
  ['withdrawals, bytes for each row', ({ to }) => perRow(to, 'withdrawals', 'bytes')],
  ['its indexes', ({ to }) => perRow(to, 'withdrawals', 'indexBytes')],
  ['journal, bytes for each entry', ({ to }) => perRow(to, 'journal', 'bytes')],
  ['its indexes', ({ to }) => perRow(to, 'journal', 'indexBytes')],
  ['open at the end of a minute, at most', most(({ sample }) => sample.open)],
  ['longest due, ms', most(({ sample }) => sample.lateMs)],
  [
    'CPU of the instances, % of one',
    ({ from, to }) => ofOneCore(to.counts.cpuMs - from.counts.cpuMs, from, to),
  ],
  [
    'CPU of PostgreSQL, of all databases',
    ({ from, to }) => ofOneCore((to.postgresCpuMs ?? NaN) - (from.postgresCpuMs ?? NaN), from, to),
  ],
  ['POST, p50 / p99 ms, mean of the minutes', ({ within }) => latencies(within)],
]

const ofOneCore = (cpuMs: number, from: Minute, to: Minute): string =>
  (cpuMs / ((to.atMinutes - from.atMinutes) * 600)).toFixed(0)
const inUs = (ms: string): string => (Number(ms) * 1_000).toFixed(0)
const perSecond = (from: Minute, to: Minute): string =>
  (
    (to.sample.statements.all.ms - from.sample.statements.all.ms) /
    ((to.atMinutes - from.atMinutes) * 60)
  ).toFixed(0)
const perRow = ({ sample }: Minute, table: TableName, of: 'bytes' | 'indexBytes'): string =>
  whole(sample.tables[table][of] / sample.tables[table].live)

function lookedAt(within: readonly Minute[]): string {
  const looks = within.flatMap((minute) => minute.looks)
  return `${sumOf(looks.map(({ found }) => found))}, ${sumOf(looks.map(({ skipped }) => skipped))}`
}

function pagesOf(within: readonly Minute[]): string {
  const pages = within.flatMap((minute) => minute.looks.map((look) => look.pages))
  return `${(sumOf(pages) / pages.length).toFixed(0)}, ${Math.max(0, ...pages)}`
}

function latencies(within: readonly Minute[]): string {
  const mean = (of: (minute: Minute) => number) => sumOf(within.map(of)) / within.length
  return `${mean(({ load }) => load.p50Ms).toFixed(0)} / ${mean(({ load }) => load.p99Ms).toFixed(0)}`
}

function overTime({ settings, minutes, books, complaints }: ArmResult): string[] {
  const stretches = stretchesOf(minutes)
  const names = stretches.map(
    ({ from, to }) => `minutes ${from.atMinutes.toFixed(0)} to ${to.atMinutes.toFixed(0)}`,
  )
  const verdict =
    complaints.length > 0 ? `disqualified: ${complaints.join('; ')}` : 'each paid and settled once'
  return [
    `${SETTINGS[settings].title} (${books.payouts.toLocaleString('en')} paid; ${verdict}):`,
    '',
    `| | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---|').join('')}`,
    ...FIGURES.map(([name, figure]) => `| ${name} | ${stretches.map(figure).join(' | ')} |`),
  ]
}

const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)

function bloatTable(arms: readonly { settings: ArmResult['settings']; bloat: Bloat }[]): string[] {
  const [first] = arms
  if (!first) return []
  const cellsOf = (name: string) =>
    arms.map(({ bloat }) => {
      const index = bloat.indexes.find((one) => one.name === name)
      return index
        ? `${mb(index.bytes)} / ${mb(index.rebuiltBytes)} (${(index.bytes / index.rebuiltBytes).toFixed(2)}) | ${index.leafDensity.toFixed(0)}`
        : ' | '
    })
  return [
    `| index, MB at the end / made anew (times as large) | ${arms.map(({ settings }) => `${settings} | pages filled, %`).join(' | ')} |`,
    `|---|${arms.map(() => '---|---|').join('')}`,
    ...first.bloat.indexes.map(({ name }) => `| \`${name}\` | ${cellsOf(name).join(' | ')} |`),
  ]
}

function tableBloat(arms: readonly { settings: ArmResult['settings']; bloat: Bloat }[]): string[] {
  return [
    '| table | settings | MB | rows | dead, % of its bytes | free for new rows, % |',
    '|---|---|---|---|---|---|',
    ...arms.flatMap(({ settings, bloat }) =>
      bloat.tables.map(
        ({ name, bytes, rows, deadPercent, freePercent }) =>
          `| ${name} | ${settings} | ${mb(bytes)} | ${whole(rows)} | ${deadPercent.toFixed(1)} | ${freePercent.toFixed(1)} |`,
      ),
    ),
  ]
}

export const churnTables = ({ arms }: ChurnResult): string[][] => [
  ...arms.map(overTime),
  tableBloat(arms),
  bloatTable(arms),
]

/** No more than so much dearer at the end than in the beginning: what is measured beside others varies by as much. */
const FLAT = 1.25

export const churnGoals = ({ arms }: ChurnResult): Goal[] =>
  arms.flatMap(({ settings, minutes, complaints }) => {
    const [first, , last] = stretchesOf(minutes)
    const claim = perCall('claim', 'ms', 'calls', 5)
    const ratio = first && last ? Number(claim(last)) / Number(claim(first)) : NaN
    return [
      {
        what: `churn, ${settings}: a claim in the last minutes against the first`,
        goal: `<= ${FLAT}`,
        seen: ratio.toFixed(2),
        isMet: ratio <= FLAT,
      },
      {
        what: `churn, ${settings}: none lost, none paid twice, no deadlock`,
        goal: 'none',
        seen: complaints.length === 0 ? 'none' : complaints.join('; '),
        isMet: complaints.length === 0,
      },
    ]
  })
