import type { Database, Queryable } from './connect/database'
import { CLOCK } from './row'

/** An address that is told, as of one version. */
export interface Endpoint {
  readonly id: string
  readonly version: number
  readonly audience: 'systems' | 'operators'
  readonly name: string
  readonly url: string
  /** None: everything there is for its audience. */
  readonly kinds: readonly string[]
  readonly isOn: boolean
  readonly isRemoved: boolean
  readonly actor: string
  readonly reason: string
  readonly at: Date
}

export interface NewEndpointVersion extends Omit<Endpoint, 'version' | 'at'> {
  /** The version it was made from; 0 for a new one. */
  readonly madeFrom: number
  readonly action: string
  /** Signs from now on; the others sign for so long with it. */
  readonly secret: { readonly id: string; readonly othersEndInMs: number } | null
}

/** How it goes with an endpoint. */
export interface EndpointStanding {
  readonly endpointId: string
  readonly waiting: number
  readonly oldestWaitingAt: Date | null
  readonly dead: number
}

export interface EndpointSecret {
  readonly id: string
  readonly endpointId: string
  readonly madeAt: Date
  readonly endsAt: Date | null
}

/** Beside `Store`: nothing of it moves a withdrawal. */
export interface EndpointStore {
  /** As they are now, in the order of their names; removed ones are not among them. */
  list(): Promise<readonly Endpoint[]>
  find(id: string): Promise<Endpoint | null>
  versions(id: string): Promise<readonly Endpoint[]>
  /**
   * The version, its secret and the record of who made it: all or nothing. The first endpoint of systems that is on hears
   * what happens from now on.
   *
   * @returns null when somebody else was first.
   */
  save(version: NewEndpointVersion): Promise<Endpoint | null>
  /** Those that sign now, the newest first. */
  secrets(ids: readonly string[]): Promise<readonly EndpointSecret[]>
  standing(): Promise<readonly EndpointStanding[]>
}

const SELECTED = `endpoint_id as id, version, audience, name, url, kinds, is_on as "isOn", is_removed as "isRemoved",
  actor, reason, at`
const LATEST = `
  select distinct on (endpoint_id) * from bank_withdrawal.endpoints order by endpoint_id, version desc`

export const createEndpointStore = (db: Database): EndpointStore => ({
  list: () => listOf(db),
  async find(id) {
    const [found] = await db.query<Endpoint>(
      `select ${SELECTED} from bank_withdrawal.endpoints where endpoint_id = $1 order by version desc limit 1`,
      [id],
    )
    return found ?? null
  },
  versions: (id) =>
    db.query<Endpoint>(
      `select ${SELECTED} from bank_withdrawal.endpoints where endpoint_id = $1 order by version desc limit 100`,
      [id],
    ),
  save: (version) => db.transaction((tx) => save(tx, version)),
  secrets: (ids) =>
    db.query<EndpointSecret>(
      `select secret_id as id, endpoint_id as "endpointId", made_at as "madeAt", ends_at as "endsAt"
         from bank_withdrawal.endpoint_secrets
        where endpoint_id = any($1::text[]) and (ends_at is null or ends_at > ${CLOCK})
        order by made_at desc, secret_id desc`,
      [ids],
    ),
  standing: () =>
    db.query<EndpointStanding>(
      `select endpoint_id as "endpointId", count(*) filter (where state = 'waiting')::int as waiting,
              min(created_at) filter (where state = 'waiting') as "oldestWaitingAt",
              count(*) filter (where state = 'dead')::int as dead
         from (select endpoint_id, state, created_at from bank_withdrawal.deliveries where state = 'waiting'
               union all
               select endpoint_id, state, created_at from bank_withdrawal.deliveries where state = 'dead') open
        group by endpoint_id`,
    ),
})

/** As they are now, in the order of their names; removed ones are not among them. */
export const listOf = (db: Queryable): Promise<readonly Endpoint[]> =>
  db.query<Endpoint>(
    `select ${SELECTED} from (${LATEST}) latest where not is_removed order by audience, name, endpoint_id`,
    [],
    'endpoints',
  )

/** Where the journal begins for those who are told of it: whatever is committed after this comes. */
const BEGIN = `
  insert into bank_withdrawal.told (feed, tx) values ('withdrawals', pg_snapshot_xmin(pg_current_snapshot()))
  on conflict (feed) do update set tx = excluded.tx, withdrawal_id = '', seq = 0`

async function save(tx: Queryable, version: NewEndpointVersion): Promise<Endpoint | null> {
  const { id, madeFrom, audience, kinds, isOn, isRemoved, actor, reason, action, secret } = version
  const before = await listOf(tx)
  const isHeard = before.some((known) => known.audience === 'systems' && known.isOn)
  // Of two at once the second waits for the first, and finds its number taken.
  const [saved] = await tx.query<Endpoint>(
    `insert into bank_withdrawal.endpoints
       (endpoint_id, version, audience, name, url, kinds, is_on, is_removed, actor, reason, at)
     select $1::text, $2::integer + 1, $3, $4, $5, $6::jsonb, $7::boolean, $8::boolean, $9, $10, ${CLOCK}
      where $2::integer = coalesce((select max(version) from bank_withdrawal.endpoints where endpoint_id = $1), 0)
     on conflict (endpoint_id, version) do nothing
     returning ${SELECTED}`,
    [
      ...[id, madeFrom, audience, version.name, version.url, JSON.stringify(kinds)],
      ...[isOn, isRemoved, actor, reason],
    ],
  )
  if (!saved) return null
  if (secret) await replaceSecret(tx, id, secret)
  if (isRemoved)
    // What is not sent any more is nobody's question.
    await tx.query(
      `delete from bank_withdrawal.deliveries where endpoint_id = $1 and state in ('waiting', 'dead')`,
      [id],
    )
  if (audience === 'systems' && isOn && !isRemoved && !isHeard) await tx.query(BEGIN)
  await tx.query(
    `insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason, detail)
     values (${CLOCK}, $1, $2, $3, $4, $5::jsonb)`,
    [
      ...[actor, action, `endpoint:${id}`, reason],
      JSON.stringify({ version: saved.version, audience, name: saved.name, on: isOn, kinds }),
    ],
  )
  return saved
}

async function replaceSecret(
  tx: Queryable,
  endpointId: string,
  { id, othersEndInMs }: { id: string; othersEndInMs: number },
): Promise<void> {
  await tx.query(
    `update bank_withdrawal.endpoint_secrets
        set ends_at = least(ends_at, ${CLOCK} + make_interval(secs => $2::double precision / 1000))
      where endpoint_id = $1 and (ends_at is null or ends_at > ${CLOCK})`,
    [endpointId, othersEndInMs],
  )
  await tx.query(
    `insert into bank_withdrawal.endpoint_secrets (endpoint_id, secret_id, made_at) values ($1, $2, ${CLOCK})`,
    [endpointId, id],
  )
}
