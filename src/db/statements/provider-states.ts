import type { Queryable } from '../connect/database'
import { CLOCK, IS_HELD } from '../row'

/** What an operator has decided about a provider. */
export interface ProviderState {
  readonly provider: string
  readonly isPaused: boolean
  readonly reason: string
  readonly actor: string
  readonly version: number
  readonly updatedAt: Date
}

const STATE_COLUMNS = `provider, is_paused as "isPaused", reason, actor, version, updated_at as "updatedAt"`

export const readProviderStates = (db: Queryable): Promise<readonly ProviderState[]> =>
  db.query<ProviderState>(`select ${STATE_COLUMNS} from bank_withdrawal.provider_states order by provider`)

/**
 * Pauses or resumes a provider, with the operator's reason on record; what waited for the resume becomes due.
 *
 * @param version What the operator saw; 0 where nothing had been decided yet.
 * @returns null when somebody has decided since; nothing was written.
 */
export async function setProviderPaused(
  db: Queryable,
  decision: { provider: string; isPaused: boolean; reason: string; actor: string; version: number },
): Promise<ProviderState | null> {
  const rows = await db.query<ProviderState>(
    `with decided as (
       insert into bank_withdrawal.provider_states (provider, is_paused, reason, actor, version, updated_at)
       select $1, $2, $3, $4, 1, ${CLOCK}
        where $5 = 0 or exists (select from bank_withdrawal.provider_states where provider = $1)
       on conflict (provider) do update
         set is_paused = excluded.is_paused, reason = excluded.reason, actor = excluded.actor,
             version = provider_states.version + 1, updated_at = excluded.updated_at
         where provider_states.version = $5
       returning *
     ), recorded as (
       insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason)
       select updated_at, actor, case when is_paused then 'provider.paused' else 'provider.resumed' end,
              provider, reason
         from decided
     ), woken as (
       update bank_withdrawal.withdrawals w
          set next_run_at = ${CLOCK}, reason_code = null, waits_for_resume = false
         from decided d
        where not d.is_paused and w.provider = d.provider and w.state = 'ready'
          and w.waits_for_resume and w.next_run_at is not null
          and not ${IS_HELD}
     )
     select ${STATE_COLUMNS} from decided`,
    [decision.provider, decision.isPaused, decision.reason, decision.actor, decision.version],
  )
  return rows[0] ?? null
}
