import type { Goal } from '../goals'
import { fixed, spreadOf } from '../numbers'
import { PEER_NAMES, type PeerName, PEERS, type PeersResult } from './run'

const of = ({ rounds }: PeersResult, peer: PeerName) => rounds.filter((round) => round.peer === peer)
const isSound = (result: PeersResult, peer: PeerName) =>
  of(result, peer).every(({ complaints }) => complaints.length === 0)

/** How many times as many a second as the other, within each round. */
const against = (result: PeersResult, other: PeerName) =>
  spreadOf(
    of(result, 'ours').flatMap(({ round, usEach }) =>
      of(result, other)
        .filter((one) => one.round === round)
        .map((one) => one.usEach / usEach),
    ),
  )

export const peersTable = (result: PeersResult): string[] => [
  `| ${result.jobs.toLocaleString('en')} of each | µs each | ours against it | audit |`,
  '|---|---|---|---|',
  ...PEER_NAMES.map((peer) => {
    const complaints = of(result, peer).flatMap((round) => round.complaints)
    const us = fixed(spreadOf(of(result, peer).map(({ usEach }) => usEach)), 0)
    const ratio = peer === 'ours' ? '-' : fixed(against(result, peer), 2)
    return `| ${PEERS[peer]} | ${us} | ${ratio} | ${complaints.length > 0 ? `disqualified: ${complaints.join('; ')}` : 'each once'} |`
  }),
]

export const peersGoals = (result: PeersResult): Goal[] =>
  (
    [
      ['graphile', 0.5],
      ['boss', 2],
    ] as const
  ).map(([peer, goal]) => {
    const ratio = against(result, peer)
    return {
      what: `draining, against ${peer === 'boss' ? 'pg-boss 10' : 'graphile-worker 0.17'}`,
      goal: `>= ${goal}`,
      seen: fixed(ratio, 2) + (isSound(result, 'ours') ? '' : ', disqualified'),
      isMet: ratio.median >= goal && isSound(result, 'ours'),
    }
  })
