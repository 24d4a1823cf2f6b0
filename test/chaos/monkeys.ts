import type { PostgresServer } from '../helpers/postgres-server'
import { ask, type Cluster } from './cluster'
import type { Managed } from './processes'
import { between, pick, type Random } from './random'
import { CHAOS_APP, TIMING } from './timing'

export interface Counts {
  readonly kills: number
  readonly stalls: number
  readonly terminates: number
  readonly pgRestarts: number
}

export interface Done {
  kills: number
  killsDuringBoot: number
  gracefulStops: number
  stalls: number
  stallsPastLease: number
  terminates: number
  connectionsTerminated: number
  pgRestarts: number
  /** A server that did not end by itself after SIGTERM, or with an error. */
  badStops: number
}

/** Longer than a server gives itself. */
const STOP_WITHIN_MS = 15_000

/** Does the damage that was asked for, spread over the run. */
export function createMonkeys(options: {
  cluster: Cluster
  postgres: PostgresServer
  databaseUrl: string
  random: Random
}) {
  const { cluster, postgres, databaseUrl, random } = options
  const done: Done = {
    kills: 0,
    killsDuringBoot: 0,
    gracefulStops: 0,
    stalls: 0,
    stallsPastLease: 0,
    terminates: 0,
    connectionsTerminated: 0,
    pgRestarts: 0,
    badStops: 0,
  }
  /** Somebody is being killed, stopped or started: nobody else touches it. */
  const taken = new Set<Managed>()

  async function withVictim(
    candidates: readonly Managed[],
    work: (victim: Managed) => Promise<void>,
  ): Promise<void> {
    for (;;) {
      const free = candidates.filter((candidate) => !taken.has(candidate) && candidate.isAlive)
      if (free.length === 0) {
        await pause(100)
        continue
      }
      const victim = pick(random, free)
      taken.add(victim)
      try {
        return await work(victim)
      } finally {
        taken.delete(victim)
      }
    }
  }

  const killOne = () => {
    const whom = random()
    const candidates = whom < 0.12 ? [cluster.wallet] : whom < 0.24 ? [cluster.bank] : cluster.servers
    return withVictim(candidates, async (victim) => {
      const isServer = cluster.servers.includes(victim)
      if (isServer && random() < 0.15) {
        const code = await victim.stop(STOP_WITHIN_MS)
        done.gracefulStops++
        if (code !== 0) done.badStops++
      } else {
        await victim.kill()
        done.kills++
      }
      if (random() < 0.5) await pause(between(random, 0, 1_000))
      if (isServer && random() < 0.15) {
        void victim.start()
        await pause(between(random, 50, 700))
        await victim.kill()
        done.kills++
        done.killsDuringBoot++
      }
      await victim.start()
    })
  }

  const stallOne = () =>
    withVictim(cluster.servers, async (victim) => {
      const ms = between(random, TIMING.stallMsMin, TIMING.stallMsMax)
      victim.pause()
      await pause(ms)
      victim.resume()
      done.stalls++
      if (ms > TIMING.leaseSeconds * 1_000) done.stallsPastLease++
    })

  async function terminateAll(): Promise<void> {
    const statement =
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name in ($1, $1 || ' presence')"
    const ended = await ask(databaseUrl, statement, [CHAOS_APP]).catch(() => null)
    if (ended === null) return
    done.terminates++
    done.connectionsTerminated += ended.length
  }

  async function restartPostgres(): Promise<void> {
    await postgres.crash()
    await pause(between(random, 0, 1_500))
    await postgres.start()
    done.pgRestarts++
  }

  return {
    done,
    /** One after the other, as a release does; whoever is being killed meanwhile starts anew anyway. */
    async restartAll(): Promise<void> {
      for (const server of cluster.servers)
        await withVictim([server], async (victim) => {
          if ((await victim.stop(STOP_WITHIN_MS)) !== 0) done.badStops++
          done.gracefulStops++
          await victim.start()
        })
    },
    async run(counts: Counts, progress: () => number): Promise<void> {
      const until = (name: 'stalls' | 'terminates' | 'pgRestarts', blow: () => Promise<void>) =>
        series({
          isWanted: () => done[name] < counts[name],
          share: () => done[name] / counts[name],
          ...{ blow, progress, random },
        })
      const kills = () => done.kills + done.gracefulStops
      await Promise.all([
        series({
          isWanted: () => done.kills < counts.kills,
          share: () => kills() / (counts.kills * 1.15),
          ...{ blow: killOne, progress, random },
        }),
        until('stalls', stallOne),
        until('terminates', terminateAll),
        until('pgRestarts', restartPostgres),
      ])
    },
  }
}

/** Blows spread over the load: each falls when its share of the load is done. */
export async function series(options: {
  readonly isWanted: () => boolean
  /** Of the load, 0 to 1, at which the next one falls. */
  readonly share: () => number
  readonly blow: () => Promise<void>
  /** How much of the load is done, 0 to 1. */
  readonly progress: () => number
  readonly random: Random
}): Promise<void> {
  const { isWanted, share, blow, progress, random } = options
  while (isWanted()) {
    while (progress() < share()) await pause(50)
    await blow()
    await pause(between(random, 50, 500))
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
