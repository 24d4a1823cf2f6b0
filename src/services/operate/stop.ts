import type { Stop, Store } from '../../db/store'
import { AppError } from '../../errors'
import type { Logger } from '../../ports/logger'

export interface StopDecision {
  readonly actor: string
  readonly reason: string
  /** What the operator saw; null for whatever it is now. */
  readonly version: number | null
}

/** Stops everything at once: nothing leaves, nothing is accepted; what has left is still looked up and concluded. */
export interface StopSwitch {
  read(): Promise<Stop>
  /**
   * Stopping what is stopped changes the sentence that users read.
   *
   * @throws {AppError} `changed_meanwhile`.
   */
  stop(decision: StopDecision & { message: string }): Promise<Stop>
  /** @throws {AppError} `changed_meanwhile`; `action_not_possible` where nothing is stopped. */
  start(decision: StopDecision): Promise<Stop>
  /** @throws {AppError} As `start`; changes nothing. */
  checkStart(version: number | null): Promise<Stop>
}

export interface StopDeps {
  readonly store: Pick<Store, 'readStop' | 'setStopped'>
  readonly logger: Logger
}

export function createStopSwitch({ store, logger }: StopDeps): StopSwitch {
  async function set(decision: StopDecision & { isStopped: boolean; message: string }): Promise<Stop> {
    const version = decision.version ?? (await store.readStop()).version
    const decided = await store.setStopped({ ...decision, version })
    if (!decided) throw changed()
    const { underWay } = decided
    logger.warn(decision.isStopped ? 'everything.stopped' : 'everything.started', {
      actor: decision.actor,
      ...(decision.isStopped && { underWay }),
    })
    return decided
  }

  async function checkStart(version: number | null): Promise<Stop> {
    const stop = await store.readStop()
    if (version !== null && version !== stop.version) throw changed()
    if (!stop.isStopped) throw new AppError('action_not_possible', 'Nothing is stopped.')
    return stop
  }

  return {
    read: () => store.readStop(),
    stop: (decision) => set({ ...decision, isStopped: true }),
    checkStart,
    async start(decision) {
      const { message, version } = await checkStart(decision.version)
      return set({ ...decision, version, message, isStopped: false })
    },
  }
}

const changed = () => new AppError('changed_meanwhile', 'Somebody else has decided meanwhile. Look again.')
