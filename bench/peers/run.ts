import path from 'node:path'

import type { PostgresServer } from '../../test/helpers/postgres-server'
import { drain } from '../batches/run'
import { inDatabase, startChild, wordOf } from '../children'
import type { PeerResult } from './peer'

export const PEERS = {
  ours: 'ours: each frozen, sent, settled, with its journal',
  graphile: 'graphile-worker 0.17, jobs that do nothing, in batches of 1,000',
  boss: 'pg-boss 10, jobs that do nothing, in batches of 1,000',
} as const
export type PeerName = keyof typeof PEERS
export const PEER_NAMES = Object.keys(PEERS) as PeerName[]

export interface PeersPlan {
  readonly jobs: number
  readonly rounds: number
}

export interface PeerRound extends PeerResult {
  readonly peer: PeerName
  readonly round: number
}

export interface PeersResult {
  readonly jobs: number
  readonly rounds: readonly PeerRound[]
}

/** The same number of jobs for each, by turns, in databases of their own on one server. */
export async function measurePeers(
  server: PostgresServer,
  { jobs, rounds: count }: PeersPlan,
  say: (line: string) => void,
): Promise<PeersResult> {
  const rounds: PeerRound[] = []
  for (let round = 0; round < count; round++)
    for (const peer of turned(PEER_NAMES, round)) {
      const database = `peer_${peer}`
      const result = await inDatabase(server, database, () => drained(server, { peer, database, jobs }))
      rounds.push({ ...result, peer, round })
      say(`round ${round + 1}, ${peer}: ${Math.round(result.usEach)} µs a job`)
    }
  return { jobs, rounds }
}

const turned = <Item>(items: readonly Item[], by: number): Item[] => [
  ...items.slice(by % items.length),
  ...items.slice(0, by % items.length),
]

async function drained(
  server: PostgresServer,
  { peer, database, jobs }: { peer: PeerName; database: string; jobs: number },
): Promise<PeerResult> {
  if (peer === 'ours') {
    const { sendUs, settleUs, complaints } = await drain(server, database, { rows: jobs })
    return { usEach: sendUs + settleUs, complaints }
  }
  return wordOf<PeerResult>(
    startChild(path.join(__dirname, 'peer.ts'), peer, server.url(database), String(jobs)),
  )
}
