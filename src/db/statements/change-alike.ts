import { storableJson } from '../../domain/storable'
import type { WithdrawalPatch } from '../../domain/withdrawal'
import type { Queryable } from '../connect/database'
import { CLOCK, COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import { ARE_FEW, FEW_NAME } from './given-sql'
import { isHeldBy } from './lease-sql'
import { PATCH_COLUMNS, PATCH_NAMES, type PatchKind, type StateChange } from './state-change'

/**
 * Changes that make the same move and write the same columns, in a statement that names nothing else. What differs from
 * one to the next comes in as lists: PostgreSQL reads a list of texts in a tenth of the time that it takes for the same
 * as JSON, and computes for no column that stays as it is.
 */

/** What a member of a patch holds, as far as the text of a statement depends on it. */
type Given = 'nothing' | 'now' | 'in' | 'value'

function givenIn(kind: PatchKind, value: WithdrawalPatch[keyof WithdrawalPatch]): Given {
  if (value === null || value === undefined) return 'nothing'
  if (kind !== 'time') return 'value'
  if (value === 'now') return 'now'
  return typeof value === 'object' && 'inMs' in value ? 'in' : 'value'
}

type PatchName = keyof WithdrawalPatch
interface Member {
  readonly name: PatchName
  readonly given: Given
}

const membersOf = (patch: WithdrawalPatch): Member[] =>
  PATCH_NAMES.filter((name) => patch[name] !== undefined).map((name) => ({
    name,
    given: givenIn(PATCH_COLUMNS[name][1], patch[name]),
  }))

type Rest = 'lease is kept' | 'rests for ever' | 'runs again'
const restOf = ({ next }: StateChange): Rest =>
  'keepLeaseSeconds' in next ? 'lease is kept' : next.runInMs === null ? 'rests for ever' : 'runs again'

/** What its text depends on. */
const textKeyOf = (change: StateChange): string =>
  [
    change.from === change.to ? 'notes' : 'moves',
    restOf(change),
    change.leaves === true ? 'leaves' : '',
    change.isFoundAgain === true ? 'found again' : '',
    ...membersOf(change.patch).map(({ name, given }) => `${name}:${given}`),
  ].join(' ')

/**
 * Changes of one shape can be written by one such statement.
 *
 * @returns null for a change that only the statement for all kinds can write: a person's, or one that retires a payout.
 */
export const shapeOf = (change: StateChange): string | null =>
  change.leaseOwner === null || change.retires !== undefined
    ? null
    : [change.from, change.to, change.event, change.actor, textKeyOf(change)].join(' ')

/** @returns The shape that all of them have; null where there is none. */
export function shapeOfAll(changes: readonly StateChange[]): string | null {
  const [first, ...others] = changes
  const shape = first ? shapeOf(first) : null
  return shape !== null && others.every((change) => shapeOf(change) === shape) ? shape : null
}

interface List {
  readonly name: string
  readonly of: (change: StateChange) => string
}

interface Alike {
  readonly lists: readonly List[]
  readonly rows: string
  readonly ids: string
}

const SQL_OF_KIND = { text: '', integer: '::integer', numeric: '::numeric', boolean: '::boolean' } as const

function patched({ name, given }: Member): string {
  const [column, kind] = PATCH_COLUMNS[name]
  if (given === 'nothing') return `${column} = null`
  if (given === 'now') return `${column} = ${CLOCK}`
  if (given === 'in') return `${column} = ${CLOCK} + c."${name}"::interval`
  return `${column} = c."${name}"${kind === 'time' ? '::timestamptz' : SQL_OF_KIND[kind]}`
}

const listOf = ({ name }: Member): List => ({
  name,
  of({ patch }) {
    const value = patch[name]
    if (value instanceof Date) return value.toISOString()
    return typeof value === 'object' && value !== null ? `${value.inMs} milliseconds` : String(value)
  },
})

/** As a worker writes it: who was asked by a person to let go of the row does not come here. */
const RESTS: Readonly<Record<Rest, string>> = {
  'lease is kept': `lease_until = ${CLOCK} + make_interval(secs => c.seconds::double precision),
         next_run_at = ${CLOCK} + make_interval(secs => c.seconds::double precision)`,
  'rests for ever': 'lease_owner = null, lease_until = null, next_run_at = null, woken_at = null',
  'runs again': `lease_owner = null, lease_until = null, woken_at = null,
         next_run_at = case when w.woken_at is not null then ${CLOCK}
                            else ${CLOCK} + make_interval(secs => c.seconds::double precision) end`,
}

const SECONDS: List = {
  name: 'seconds',
  of: ({ next }) => String('keepLeaseSeconds' in next ? next.keepLeaseSeconds : (next.runInMs ?? 0) / 1_000),
}

/** Of this statement's own commit alone, and in the same round trip. */
const WITHOUT_WAITING = `(select set_config('synchronous_commit', 'off', true)) = 'off'`

function write(change: StateChange): Alike {
  const members = membersOf(change.patch)
  const rest = restOf(change)
  const lists: List[] = [
    { name: 'id', of: ({ id }) => id },
    { name: 'version', of: ({ version }) => String(version) },
    { name: 'owner', of: ({ leaseOwner }) => leaseOwner ?? '' },
    { name: 'detail', of: ({ detail }) => storableJson(detail) },
    ...(rest === 'rests for ever' ? [] : [SECONDS]),
    ...members.filter(({ given }) => given === 'in' || given === 'value').map(listOf),
  ]
  const isMove = change.from !== change.to
  const text = (selected: string) => `
  with change as materialized (
    select *, 1 as ${FEW_NAME}
      from unnest(${lists.map((_, index) => `$${index + 5}::text[]`).join(', ')})
        as given (${lists.map(({ name }) => `"${name}"`).join(', ')})
  ), moved as (
    update bank_withdrawal.withdrawals w
       set ${[
         'state = $2, version = w.version + 1',
         `updated_at = ${CLOCK}, taken_from = null, waits_for_resume = false`,
         ...(isMove ? [`state_since = ${CLOCK}, attempts = ${rest === 'lease is kept' ? 1 : 0}`] : []),
         RESTS[rest],
         ...members.map(patched),
       ].join(',\n         ')}
      from change c
     where c.${ARE_FEW} and w.id = c.id and w.state is not distinct from $1 and w.version = c.version::integer
       and ${isHeldBy('c.owner')}${change.leaves === true ? ' and (select bank_withdrawal.may_leave())' : ''}${
         change.isFoundAgain === true ? ` and ${WITHOUT_WAITING}` : ''
       }
    returning w.*, c.detail as change_detail
  ), journalled as (
    insert into bank_withdrawal.journal
      (withdrawal_id, seq, at, event, from_state, to_state, actor, reason_code, detail)
    select id, version, updated_at, $3, $1, state, $4, reason_code, change_detail::jsonb from moved
  )
  select ${selected} from moved`
  return { lists, rows: text(COLUMNS), ids: text('id') }
}

/** As many as there are kinds of moves in the code. */
const WRITTEN = new Map<string, Alike>()

function alike(change: StateChange): Alike {
  const key = textKeyOf(change)
  const known = WRITTEN.get(key)
  if (known) return known
  const made = write(change)
  WRITTEN.set(key, made)
  return made
}

const parametersOf = (
  { from, to, event, actor }: StateChange,
  lists: readonly List[],
  changes: readonly StateChange[],
): unknown[] => [from, to, event, actor, ...lists.map(({ of }) => changes.map(of))]

/**
 * Writes changes of one shape, each with its journal entry, in one statement.
 *
 * @returns The rows that moved, as the statement for all kinds does.
 */
export async function changeAlike(
  db: Queryable,
  changes: readonly [StateChange, ...StateChange[]],
): Promise<readonly StoredWithdrawal[]> {
  const { lists, rows } = alike(changes[0])
  const moved = await db.query<RawRow>(rows, parametersOf(changes[0], lists, changes), 'change_alike')
  return moved.map(toWithdrawal)
}

/** The same for who does not want to read them. @returns The ids of those that moved. */
export async function moveAlike(
  db: Queryable,
  changes: readonly [StateChange, ...StateChange[]],
): Promise<readonly string[]> {
  const { lists, ids } = alike(changes[0])
  const moved = await db.query<{ id: string }>(ids, parametersOf(changes[0], lists, changes), 'move_alike')
  return moved.map(({ id }) => id)
}
