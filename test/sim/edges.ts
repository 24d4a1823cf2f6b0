import type { Chance } from './chance'
import type { Fault, Faults, KindAt, Point } from './faults'
import type { Owner, Timeline } from './timeline'

/** One life of one process. After its death nothing it waited for ever answers. */
export interface Generation extends Owner {
  readonly process: number
  readonly number: number
}

/** What the calls of all processes go through. */
export interface Surroundings {
  readonly timeline: Timeline
  readonly faults: Faults
  /** How long things take; a stream of its own, so that it does not depend on the faults that were drawn. */
  readonly latency: Chance
  readonly leaseMs: number
  readonly pauseMaxMs: number
  readonly lateMaxMs: number
  /** Longer stops between the last look at the lease and the sending of a request are part of this history. */
  readonly sendsLate: boolean
  readonly down: Record<'store' | 'exchange' | 'provider' | 'throttle', number>
  kill(generation: Generation): void
  /** Others believe that it is dead, and look at what it holds. */
  takeForDead(generation: Generation): void
  /** Somebody else acts now. */
  intrude(kind: string, generation: Generation): void
  /** Hears every answer, where histories are compared by what was answered in them. */
  note: ((text: string) => void) | null
  /** One more call to somebody else. */
  count(withdrawalId: string): void
  /** The request took effect later than anybody promised. */
  tooLate(withdrawalId: string): void
}

const never = <Result>(): Promise<Result> => new Promise<Result>(() => {})

/** Behind these a request is sent. */
const WRITES_INTENT: ReadonlySet<string> = new Set(['store.freezeBatch', 'store.changeState'])

/** What a caller hears of an answer that breaks the contract; some do not even return. */
function oddly<Answer>(
  odd: () => Answer,
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): () => void {
  try {
    const answer = odd()
    return () => resolve(answer)
  } catch (error) {
    return () => reject(asError(error))
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

export const connectionLost = (code: string): Error =>
  Object.assign(new Error('the connection was lost'), { code })

/** A request to another system: what it does there, and what the caller hears when it hears nothing. */
export interface RemoteCall<Answer> {
  readonly label: string
  /** Whose money it is about. */
  readonly withdrawalIds: readonly string[]
  readonly timeoutMs: number
  readonly isDown: boolean
  /** How late a network may deliver it a second time; absent where that would break a promise by itself. */
  readonly duplicateWithinMs?: number
  /** Whether a second delivery may follow the first one's answer; it always may together with it. */
  readonly repeats?: (answer: Answer) => boolean
  readonly effect: () => Answer
  /** What a caller hears of a broken connection; absent, the promise rejects. */
  readonly broken?: () => Answer
}

/** The waiting of one process for others, with everything that can go wrong in it. */
export class Edges {
  constructor(
    private readonly around: Surroundings,
    readonly generation: Generation,
  ) {}

  /** A statement: it happens whole or not at all, whatever its caller hears of it. */
  statement<Answer>(
    point: 'store.read' | 'store.write',
    label: string,
    effect: () => Answer,
  ): Promise<Answer> {
    const { around, generation } = this
    const { timeline, latency } = around
    if (!generation.alive) return never()
    const fault = this.at(point)
    if (fault?.kind === 'crash_before') return this.die()
    if (fault?.kind === 'pause_before') this.pause(fault)
    return new Promise<Answer>((resolve, reject) => {
      timeline.after(latency.between(1, 10), generation, label, () => {
        const isDown = around.down.store > timeline.nowMs
        let answer: () => void
        if (isDown || fault?.kind === 'error_before') answer = () => reject(connectionLost('ECONNREFUSED'))
        else
          try {
            const result = effect()
            around.note?.(`${label} ${JSON.stringify(result)}`)
            answer = () => resolve(result)
            if (fault?.kind === 'lost_answer') answer = () => reject(connectionLost('57P01'))
          } catch (error) {
            answer = () => reject(asError(error))
          }
        // Between what is read and what is written next others come in all the same: the next statement takes its time.
        if (point === 'store.read' && fault === null) answer()
        else this.answer(fault, label, latency.between(0, 5), answer)
      })
    })
  }

  /** A question: it has no effect, so it is sent once and answered or not. */
  question<Answer>(
    point: 'exchange.read' | 'provider.lookup' | 'endpoint.post',
    call: RemoteCall<Answer>,
    odd?: (fault: Fault) => Answer,
  ): Promise<Answer> {
    const { generation } = this
    const { timeline, latency } = this.around
    if (!generation.alive) return never()
    call.withdrawalIds.forEach(this.around.count)
    const fault = this.at(point)
    if (fault?.kind === 'crash_before') return this.die()
    return new Promise<Answer>((resolve, reject) => {
      const fail = () => (call.broken ? resolve(call.broken()) : reject(connectionLost('ECONNRESET')))
      if (fault?.kind === 'timeout_no_effect') {
        timeline.after(call.timeoutMs, generation, `${call.label} deadline`, fail)
        return
      }
      timeline.after(latency.between(2, 300), null, call.label, () => {
        const isOdd = fault && ['garbage', 'throttled', 'stale'].includes(fault.kind) && odd
        const answer = isOdd ? odd(fault) : call.effect()
        this.around.note?.(`${call.label} ${JSON.stringify(answer)}`)
        const fails = call.isDown || fault?.kind === 'unavailable'
        this.answer(fault, call.label, latency.between(2, 300), () => (fails ? fail() : resolve(answer)))
      })
    })
  }

  /** An effect on money elsewhere: it may happen now, later, twice or not at all, whatever its caller hears. */
  effect<Answer>(
    point: 'exchange.effect' | 'provider.submit',
    call: RemoteCall<Answer>,
    odd?: (fault: Fault) => Answer,
  ): Promise<Answer> {
    const { generation, around } = this
    const { timeline, faults, latency } = around
    if (!generation.alive) return never()
    const fault = this.at(point)
    if (fault?.kind === 'crash_before') return this.die()
    call.withdrawalIds.forEach(around.count)
    const calledAtMs = timeline.nowMs
    if (fault?.kind === 'zombie_send')
      this.stopFor(faults.amount(fault, 'length', around.leaseMs, 3 * around.leaseMs + around.lateMaxMs))
    return new Promise<Answer>((resolve, reject) => {
      const fail = () => (call.broken ? resolve(call.broken()) : reject(connectionLost('ECONNRESET')))
      const stopWaiting = timeline.after(call.timeoutMs, generation, `${call.label} deadline`, fail)
      timeline.after(latency.between(0, 20), generation, `${call.label} send`, () => {
        const sent = new Sent(around, call, calledAtMs)
        const reply = (answer: () => void) =>
          this.answer(fault, call.label, latency.between(2, 300), () => {
            stopWaiting()
            answer()
          })
        if (call.isDown) {
          timeline.after(latency.between(2, 300), generation, call.label, fail)
          return
        }
        if (fault && odd && ['throttled', 'garbage_after_effect', 'refused'].includes(fault.kind)) {
          sent.arrive(latency.between(2, 300), (effect) => {
            if (fault.kind === 'garbage_after_effect') effect()
            reply(oddly(() => odd(fault), resolve, reject))
          })
          return
        }
        this.spread(fault, sent, { reply, resolve, fail })
      })
    })
  }

  private spread<Answer>(
    fault: Fault<KindAt<'exchange.effect' | 'provider.submit'>> | null,
    sent: Sent<Answer>,
    heard: { reply: (answer: () => void) => void; resolve: (answer: Answer) => void; fail: () => void },
  ): void {
    const { around, generation } = this
    const { faults, latency } = around
    const soonMs = latency.between(2, 300)
    const kind = fault?.kind
    if (kind === 'timeout_no_effect') return
    if (kind === 'timeout_after_effect') return sent.arrive(soonMs, (effect) => void effect())
    if (fault && (kind === 'late_effect' || kind === 'crash_and_late_effect')) {
      sent.arriveLate(faults.amount(fault, 'late', Math.min(20_000, around.lateMaxMs), around.lateMaxMs))
      if (kind === 'crash_and_late_effect') around.kill(generation)
      return
    }
    if (kind === 'reset_no_effect') {
      around.timeline.after(soonMs, generation, 'reset', heard.fail)
      return
    }
    if (kind === 'reset_after_effect')
      return sent.arrive(soonMs, (effect) => {
        effect()
        heard.reply(heard.fail)
      })
    const again =
      fault && kind === 'duplicate'
        ? sent.duplicate(soonMs, faults.amount(fault, 'late', 0, around.lateMaxMs))
        : null
    sent.arrive(soonMs, (effect) => {
      const answer = effect()
      around.note?.(`${this.generation.number} ${JSON.stringify(answer)}`)
      again?.(answer)
      heard.reply(() => heard.resolve(answer))
    })
  }

  private at<At extends Point>(point: At): Fault<KindAt<At>> | null {
    const { around, generation } = this
    const fault = around.faults.at(point)
    if (fault === null || around.faults.classOf(point, fault.kind) !== 'order') return fault
    around.intrude(fault.kind, generation)
    return null
  }

  /** The answer is on its way; the process may die or stand still before it hears it. */
  private answer(fault: Fault | null, label: string, ms: number, hear: () => void): void {
    const { around, generation } = this
    if (fault?.kind === 'crash_after' && generation.alive) {
      around.kill(generation)
      return
    }
    if (fault?.kind === 'pause_after') this.pause(fault)
    if (fault?.kind === 'taken_for_dead_here' && WRITES_INTENT.has(label)) this.seemsDead(fault)
    around.timeline.after(ms, generation, `${label} answer`, hear)
  }

  private die<Result>(): Promise<Result> {
    this.around.kill(this.generation)
    return never()
  }

  /** Long enough, often, for others to take over everything the process holds, and to believe that it is silent. */
  private pause(fault: { index: number }): void {
    this.stopFor(this.around.faults.amount(fault, 'length', 1_000, this.around.pauseMaxMs))
  }

  /** It stands still for a part of its lease, its connection breaks, and it goes on as if nothing had been. */
  private seemsDead(fault: { index: number }): void {
    const { around, generation } = this
    const { timeline, faults, leaseMs } = around
    timeline.after(faults.amount(fault, 'noticed', 6_000, 12_000), null, 'taken for dead', () =>
      around.takeForDead(generation),
    )
    this.stopFor(faults.amount(fault, 'length', 1_000, leaseMs))
  }

  private stopFor(ms: number): void {
    const { generation, around } = this
    if (around.faults.areOver) return
    generation.pausedUntilMs = Math.max(generation.pausedUntilMs, around.timeline.nowMs + ms)
  }
}

/** A request that has left its process. */
class Sent<Answer> {
  constructor(
    private readonly around: Surroundings,
    private readonly call: RemoteCall<Answer>,
    private readonly calledAtMs: number,
  ) {}

  arrive(ms: number, then: (effect: () => Answer) => void): void {
    this.arriveAt(this.around.timeline.nowMs + ms, then)
  }

  /** So long after its caller gave up on it. */
  arriveLate(ms: number): void {
    this.arriveAt(this.calledAtMs + this.call.timeoutMs + ms, (effect) => void effect())
  }

  /**
   * Once more, by the network's doing: together with the first, whose caller then hears the second, or later.
   *
   * @returns What to do once the first one is answered.
   */
  duplicate(soonMs: number, ms: number): ((answer: Answer) => void) | null {
    const { duplicateWithinMs: withinMs, repeats } = this.call
    const again = (afterMs: number) => this.arrive(afterMs, (effect) => void effect())
    if (withinMs === undefined) return null
    if (withinMs > 0)
      return (answer) => {
        if (repeats?.(answer) !== false) again(Math.min(ms, withinMs))
      }
    again(soonMs)
    return null
  }

  private arriveAt(meantMs: number, then: (effect: () => Answer) => void): void {
    const { around, call, calledAtMs } = this
    // A process that slept before it sent anything sends it now, whatever moment was meant.
    const atMs = Math.max(meantMs, around.timeline.nowMs)
    const isTooLate = atMs > calledAtMs + call.timeoutMs + around.lateMaxMs
    // A process that stood still so long between its last look at the lease and the sending finds its connection
    // closed, unless this history is about those that do not.
    if (isTooLate && !around.sendsLate) return
    around.timeline.at(atMs, null, `${call.label} effect`, () => {
      if (isTooLate) call.withdrawalIds.forEach(around.tooLate)
      then(call.effect)
    })
  }
}
