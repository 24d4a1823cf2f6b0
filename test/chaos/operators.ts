import { ask, type Cluster } from './cluster'
import { createDesk, type DeskAnswer } from './desk'
import { pause } from './monkeys'
import { between, pick, type Random } from './random'
import type { Window } from './stop-windows'

export interface OperatorsDone {
  decisions: number
  /** What the rules, another operator or a change meanwhile did not allow. */
  decisionsRefused: number
  pauses: number
  stops: number
}

interface Offered {
  readonly action: string
  readonly to?: string
}

interface Subject {
  readonly id: string
  readonly payoutKey: string
}

const OPEN = `select id, payout_key as "payoutKey" from bank_withdrawal.withdrawals
  where state not in ('processed', 'canceled', 'returned') order by random() limit 1`
const WITH_A_PERSON = `select id, payout_key as "payoutKey" from bank_withdrawal.withdrawals
  where state in ('in_review', 'conflict') order by random() limit 50`

/** Persons who decide at any moment, truthfully: what they say was paid was paid, and what they say was not was not. */
export function createOperators(options: { cluster: Cluster; databaseUrl: string; random: Random }) {
  const { cluster, databaseUrl, random } = options
  const desk = createDesk({ targets: () => cluster.servers.map(cluster.urlOf), random })
  const done: OperatorsDone = { decisions: 0, decisionsRefused: 0, pauses: 0, stops: 0 }
  const windows: Window[] = []
  const find = (statement: string) => ask<Subject & Record<string, string>>(databaseUrl, statement)

  /** Whether the bank has made a payout under this key, for good; null while it cannot be said. */
  async function wasPaid(payoutKey: string): Promise<boolean | null> {
    const answer = await fetch(`${cluster.bankUrl}/payouts?key=${payoutKey}`, {
      signal: AbortSignal.timeout(1_500),
    })
      .then((response) => response.json() as Promise<{ payout?: { status: string } | null }>)
      .catch(() => null)
    if (answer?.payout === undefined || answer.payout?.status === 'open') return null
    return answer.payout?.status === 'paid'
  }

  /** Nobody says of a payout what is not so: where the bank cannot be asked, the machine takes a person's word for it. */
  async function isTrue(offered: Offered, paid: () => Promise<boolean | null>): Promise<boolean> {
    if (offered.to === 'settling' || offered.to === 'processed') return (await paid()) === true
    if (offered.to === 'releasing' || offered.to === 'canceled') return (await paid()) === false
    return true
  }

  async function decide({ id, payoutKey }: Subject, choose: (offered: readonly Offered[]) => Offered | null) {
    const { status, body } = await desk.get(`/withdrawals/${id}`)
    if (status !== 200) return false
    const { actions, version } = body as unknown as { actions: Offered[]; version: number }
    const chosen = choose(actions)
    if (!chosen || !(await isTrue(chosen, () => wasPaid(payoutKey)))) return false
    const { status: answered } = await desk.post(`/withdrawals/${id}/${chosen.action}`, {
      reason: 'chaos',
      // Who leaves it out decides over whatever it is by now.
      ...(random() < 0.5 && { version }),
      ...(chosen.to !== undefined && { to: chosen.to }),
      ...wordsFor(chosen, payoutKey),
    })
    if (answered === 200) done.decisions++
    else if (answered >= 400) done.decisionsRefused++
    return answered === 200
  }

  async function decideSomething(): Promise<void> {
    const asked = await find(random() < 0.5 ? WITH_A_PERSON : OPEN).catch(() => [])
    const [subject] = asked.length > 0 ? asked : await find(OPEN).catch(() => [])
    if (subject) await decide(subject, (offered) => (offered.length > 0 ? pick(random, offered) : null))
  }

  /** Until it is so: an answer that was lost may have been a yes. */
  async function until(isSo: () => Promise<boolean>, act: () => Promise<DeskAnswer>): Promise<void> {
    while (!(await isSo())) {
      await act()
      await pause(50)
    }
  }
  const isStopped = async (wanted: boolean) => {
    const { status, body } = await desk.get('/stop')
    return status === 200 && body.stopped === wanted
  }
  const isPaused = async (wanted: boolean) => {
    const { status, body } = await desk.get('/providers')
    return status === 200 && (body.data as { paused: boolean }[]).every(({ paused }) => paused === wanted)
  }
  const say = (path: string) => desk.post(path, { reason: 'chaos' })
  const liftStop = () =>
    until(
      () => isStopped(false),
      () => say('/stop/lift'),
    )
  const resumeProvider = () =>
    until(
      () => isPaused(false),
      () => say('/providers/chaos-bank/resume'),
    )

  return {
    done,
    windows,
    decideSomething,
    async stopEverything(): Promise<void> {
      await until(
        () => isStopped(true),
        () => say('/stop'),
      )
      const from = new Date()
      await pause(between(random, 500, 3_000))
      windows.push({ from, to: new Date() })
      await liftStop()
      done.stops++
    },
    async pauseProvider(): Promise<void> {
      await until(
        () => isPaused(true),
        () => say('/providers/chaos-bank/pause'),
      )
      await pause(between(random, 300, 2_000))
      await resumeProvider()
      done.pauses++
    },
    /** From every state a person can get out. @returns What still waits for one after `withinMs`. */
    async answerAll(withinMs: number): Promise<number> {
      const until = performance.now() + withinMs
      for (;;) {
        const waiting = await find(WITH_A_PERSON)
        if (waiting.length === 0 || performance.now() > until) return waiting.length
        for (const subject of waiting) {
          const paid = await wasPaid(subject.payoutKey)
          await decide(subject, (offered) => wayOut(offered, paid, random))
        }
        await pause(200)
      }
    },
  }
}

const wordsFor = ({ action, to }: Offered, payoutKey: string) => ({
  ...((to === 'settling' || to === 'processed') && { transaction_id: `tx-${payoutKey}` }),
  ...((to === 'releasing' || to === 'canceled' || to === 'returning' || to === 'returned') && {
    evidence: 'The bank was asked on the telephone.',
  }),
  ...(action === 'send-again' && { evidence: 'The bank was asked on the telephone.' }),
})

/** What gets it out; of several ways any, since the machine refuses what it can see is wrong. */
function wayOut(offered: readonly Offered[], paid: boolean | null, random: Random): Offered | null {
  const onward = ['resume', 'approve', 'settling', 'processed', 'in_doubt']
  const back = ['resume', 'reject', 'releasing', 'canceled', 'in_doubt', 'approve']
  const wanted = paid === true ? onward : back
  const ways = offered.filter(({ action, to }) => wanted.includes(to ?? action))
  return ways.length > 0 ? pick(random, ways) : null
}
