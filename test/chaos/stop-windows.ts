import { ask } from './cluster'

/** From the moment somebody was told that everything is stopped, to the moment before it was asked to go on. */
export interface Window {
  readonly from: Date
  readonly to: Date
}

/**
 * What was accepted, or committed to leave, while everything was stopped: by the time of its commit, which only the
 * database itself knows (`track_commit_timestamp`).
 */
export async function movedWhileStopped(url: string, windows: readonly Window[]): Promise<string[]> {
  const rows = await ask<{ id: string; state: string; at: Date }>(
    url,
    `select j.withdrawal_id as id, j.to_state as state, pg_xact_commit_timestamp(j.xmin) as at
       from bank_withdrawal.journal j
       join unnest($1::timestamptz[], $2::timestamptz[]) as stopped ("from", "to")
         on pg_xact_commit_timestamp(j.xmin) > stopped."from" and pg_xact_commit_timestamp(j.xmin) < stopped."to"
      where j.to_state = 'submitting' and j.from_state is distinct from 'submitting' or j.seq = 1`,
    [windows.map(({ from }) => from), windows.map(({ to }) => to)],
  )
  return rows.map(({ id, state, at }) => `stopped, and yet ${state} at ${at.toISOString()}: ${id}`)
}
