import pg from 'pg'

import { openServer } from '../../src/db/connect/pool'
import { verifyDatabase } from '../../src/db/verify'
import { type JudgeRow } from '../../src/db/verify/seals'
import { silentLogger } from '../helpers/loggers'
import type { BankLine, Taken } from './bank-books'
import type { AckLine } from './load'
import { readTruthFile } from './truth-file'
import { type Burn, CURRENCIES, fundedCents, USERS, WalletBooks, type WalletLine } from './wallet-books'

export interface Verdict {
  readonly withdrawals: number
  readonly byState: Readonly<Record<string, number>>
  readonly acknowledged: number
  readonly burns: number
  readonly payouts: number
  /** Requests for a payout the bank had already: harmless by key, and counted. */
  readonly repeatedOrders: number
  readonly violations: readonly string[]
  /** Locks that landed after their withdrawal was given up: the documented limit of a stopped process. */
  readonly lateLocks: readonly string[]
}

interface Row {
  readonly id: string
  readonly user_id: string
  readonly idempotency_key: string | null
  readonly amount: string
  readonly fee: string
  readonly payout_amount: string
  readonly currency: string
  readonly state: string
  readonly payout_key: string
  /** Those it was sent under before, each of which was said not to be paid. */
  readonly retired_keys: readonly string[]
  readonly updated_at: Date
  /** Whether somebody will look again at what it locks, or a person has been asked. */
  readonly is_watched: boolean
}

const ROWS = `select id, user_id::text, idempotency_key, amount::text, fee::text, payout_amount::text, currency, state,
                     payout_key, updated_at,
                     array(select r.payout_key from bank_withdrawal.retired_payouts r
                            where r.withdrawal_id = w.id) as retired_keys,
                     watch_at is not null or exists (select from bank_withdrawal.differences d
                       where d.withdrawal_id = w.id and d.resolved_at is null) as is_watched
                from bank_withdrawal.withdrawals w`
const AT_REST = ['processed', 'canceled', 'returned']
const WITH_A_PERSON = ['in_review', 'conflict', 'returning']

/** Holds three files of truth, written by those who know, against what the plugin's tables say. */
export async function check(
  files: { wallet: string; bank: string; acks: string },
  url: string,
  judgeRow?: JudgeRow,
): Promise<Verdict> {
  const books = new WalletBooks(fundedCents)
  for (const line of readTruthFile<WalletLine>(files.wallet)) books.apply(line)
  const bank = readTruthFile<BankLine>(files.bank)
  const acks = readTruthFile<AckLine>(files.acks)
  const rows = await readRows(url)
  const violations: string[] = []
  const lateLocks: string[] = []

  const byId = new Map(rows.map((row) => [row.id, row]))
  const taken = new Map(bank.flatMap((line) => (line.op === 'taken' ? [[line.key, line] as const] : [])))
  const burns = groupBy(books.burns, ({ madeAs }) => madeAs)
  for (const row of rows) {
    const payouts = [row.payout_key, ...row.retired_keys].flatMap((key) => taken.get(key) ?? [])
    judge(row, burns.get(row.id) ?? [], payouts, { violations, lateLocks })
  }
  strangers(rows, books.burns, bank, violations)
  acknowledgements(acks, byId, violations)
  conservation(rows, books, taken, violations)
  violations.push(...(await verifyFindings(url, judgeRow)))

  const heard = bank.filter(({ op }) => op === 'heard').length
  return {
    withdrawals: rows.length,
    byState: Object.fromEntries(
      [...groupBy(rows, ({ state }) => state)].map(([state, of]) => [state, of.length]),
    ),
    acknowledged: acks.filter(({ op }) => op === 'ack').length,
    burns: books.burns.length,
    payouts: [...taken.values()].filter(({ outcome }) => outcome === 'paid').length,
    repeatedOrders: heard - taken.size,
    violations,
    lateLocks,
  }
}

async function readRows(url: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(ROWS)).rows
  } finally {
    await client.end()
  }
}

/** What is wrong where `when` holds; read as a list of what must never be. */
type Rule = readonly [when: boolean, what: string]

function judge(
  row: Row,
  burns: readonly Burn[],
  payouts: readonly Taken[],
  { violations, lateLocks }: { violations: string[]; lateLocks: string[] },
): void {
  const [burn] = burns
  const paid = payouts.filter(({ outcome }) => outcome === 'paid')
  const payout = paid[0] ?? payouts[0]
  const isPaid = paid.length > 0
  const isOver = AT_REST.includes(row.state)
  const isLocked = isOver && burn?.state === 'pending'
  const isLate = isLocked && row.state === 'canceled' && burn.at > row.updated_at.getTime()
  const rules: Rule[] = [
    [paid.length > 1, 'I1 paid more than once'],
    [burns.length > 1, 'I2 burned more than once'],
    [burn !== undefined && burn.cents !== toCents(row.amount), 'I2 locked amount differs'],
    [burn !== undefined && burn.fee !== toCents(row.fee), 'I2 locked fee differs'],
    ...moneyRules(row, burn, payout, isOver && isPaid),
    [isOver && (row.state === 'processed') !== isPaid, 'I3 what we say and what the bank did differ'],
    [isLocked && !isLate, 'I4 still locked'],
    [isLate && !row.is_watched, 'I10 locked late, and nobody will look'],
    [!isOver && !WITH_A_PERSON.includes(row.state), 'I7 not at rest'],
  ]
  for (const [when, what] of rules) if (when) violations.push(`${what}: ${row.id} (${row.state})`)
  if (isLate) lateLocks.push(row.id)
}

const moneyRules = (
  row: Row,
  burn: Burn | undefined,
  payout: Taken | undefined,
  isPaid: boolean,
): readonly Rule[] => [
  [payout !== undefined && Number(payout.amount) !== Number(row.payout_amount), 'I1 paid amount differs'],
  [payout !== undefined && payout.currency !== row.currency, 'I1 paid currency differs'],
  [isPaid && burn?.state !== 'settled', `I3 paid, and the burn is ${burn?.state ?? 'not there'}`],
  [!isPaid && AT_REST.includes(row.state) && burn?.state === 'settled', 'I3 settled, and never paid'],
  [payout?.outcome === 'paid' && (burn === undefined || payout.at < burn.at), 'I3 paid before it was locked'],
]

const toCents = (amount: string): number => Math.round(Number(amount) * 100)

/** Effects that belong to no row, and requests that no correct program makes. */
function strangers(
  rows: readonly Row[],
  burns: readonly Burn[],
  bank: readonly BankLine[],
  violations: string[],
): void {
  const ids = new Set(rows.map(({ id }) => id))
  const keys = new Set(rows.flatMap(({ payout_key, retired_keys }) => [payout_key, ...retired_keys]))
  for (const { madeAs } of burns) if (!ids.has(madeAs)) violations.push(`I4 a lock without a row: ${madeAs}`)
  for (const line of bank) {
    if (line.op === 'taken' && !keys.has(line.key)) violations.push(`I1 a payout without a row: ${line.key}`)
    if (line.op === 'mismatch') violations.push(`I1 one key with two contents: ${line.key}`)
  }
}

function acknowledgements(
  acks: readonly AckLine[],
  byId: ReadonlyMap<string, Row>,
  violations: string[],
): void {
  const idOfKey = new Map<string, string>()
  for (const ack of acks) {
    const row = byId.get(ack.id)
    if (!row) {
      violations.push(`I5 acknowledged and lost: ${ack.id}`)
      continue
    }
    if (ack.op === 'cancel') {
      if (row.state !== 'canceled') violations.push(`I5 acknowledged as canceled: ${ack.id} is ${row.state}`)
      continue
    }
    const same =
      Number(row.user_id) === ack.user &&
      Number(row.amount) === Number(ack.amount) &&
      row.currency === ack.currency
    if (!same) violations.push(`I5 acknowledged with other contents: ${ack.id}`)
    if (ack.key !== row.idempotency_key) violations.push(`I14 stored under another key: ${ack.id}`)
    if (ack.key === null) continue
    if ((idOfKey.get(ack.key) ?? ack.id) !== ack.id)
      violations.push(`I14 one key, two withdrawals: ${ack.key}`)
    idOfKey.set(ack.key, ack.id)
  }
}

function conservation(
  rows: readonly Row[],
  books: WalletBooks,
  taken: ReadonlyMap<string, Taken>,
  violations: string[],
): void {
  for (const currency of CURRENCIES) {
    const mine = books.burns.filter((burn) => burn.currency === currency)
    const sum = (state: Burn['state']) =>
      mine.filter((burn) => burn.state === state).reduce((total, { cents, fee }) => total + cents + fee, 0)
    let available = 0
    let funded = 0
    for (let user = 1; user <= USERS; user++) {
      const left = books.available(user, currency)
      if (left < 0) violations.push(`I9 user ${user} has a negative ${currency} balance`)
      available += left
      funded += fundedCents(user)
    }
    if (available + sum('pending') + sum('settled') !== funded)
      violations.push(`I9 ${currency} is not conserved`)

    const settled = mine
      .filter(({ state }) => state === 'settled')
      .reduce((total, { cents }) => total + cents, 0)
    const frozen = new Set(
      rows
        .filter(({ state }) => WITH_A_PERSON.includes(state))
        .flatMap(({ payout_key, retired_keys }) => [payout_key, ...retired_keys]),
    )
    const paid = [...taken.values()]
      .filter((line) => line.currency === currency && line.outcome === 'paid' && !frozen.has(line.key))
      .reduce((total, { amount }) => total + Math.round(Number(amount) * 100), 0)
    if (settled !== paid) violations.push(`I9 ${currency}: ${settled} settled, ${paid} paid, in cents`)
  }
}

async function verifyFindings(url: string, judgeRow?: JudgeRow): Promise<string[]> {
  const database = openServer({ url, logger: silentLogger })
  try {
    const results = await verifyDatabase(database, {
      stuckMinutes: 0,
      namedMax: 10,
      ...(judgeRow && { judgeRow }),
    })
    return results.flatMap(({ name, findings }) =>
      findings.map(({ id, detail }) => `verify ${name}: ${id} ${detail}`),
    )
  } finally {
    await database.close()
  }
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
