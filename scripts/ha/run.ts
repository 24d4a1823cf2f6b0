/**
 * `npm run ha -- --failovers 3 --withdrawals 300`: a primary and a standby, promoted by the script itself.
 * `npm run ha -- patroni --failovers 10`: under a cluster manager, Patroni with etcd behind HAProxy.
 * `npm run ha -- pgbouncer --kills 20`: behind a pooler.
 *
 * Each ends with 0 when nothing acknowledged was lost or doubled, with 1 when something was or a program is missing.
 */
import { rehearsePair } from './pair'
import { rehearsePatroni } from './patroni'
import { rehearsePgbouncer } from './pgbouncer'

const REHEARSALS: Readonly<Record<string, () => Promise<boolean>>> = {
  patroni: rehearsePatroni,
  pgbouncer: rehearsePgbouncer,
}

const named = REHEARSALS[process.argv[2] ?? '']
// Each reads its own options from what is left.
if (named) process.argv.splice(2, 1)

;(named ?? rehearsePair)().then(
  (isSound) => process.exit(isSound ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
