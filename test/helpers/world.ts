import { createSecretKey } from 'node:crypto'

import express from 'express'
import request from 'supertest'

import { type App, createApp, type Engine } from '../../src/app/app'
import { createKitSide } from '../../src/app/kit-ports'
import type { Database } from '../../src/db/connect/database'
import type { StoredWithdrawal } from '../../src/db/store'
import { createStore } from '../../src/db/store'
import type { JournalEntry } from '../../src/domain/withdrawal'
import type { ToolsLib } from '../../src/kit/tools-lib'
import type { Randomness } from '../../src/ports/clock'
import type { Exchange } from '../../src/ports/exchange'
import type { Logger } from '../../src/ports/logger'
import type { PaymentProvider } from '../../src/ports/payment-provider'
import type { ProviderDefinition } from '../../src/providers/definition'
import { sandboxProvider } from '../../src/providers/sandbox'
import { createSandboxBank, type SandboxBank } from '../../src/providers/sandbox/bank'
import { createSandboxKit, type SandboxKit } from '../../src/sandbox/kit'
import { createSandboxTokens } from '../../src/sandbox/tokens'
import type { RepeatedBurn } from '../../src/sandbox/wallet'
import type { GroupRun } from '../../src/workers/batch-run'
import type { TestDatabase } from './databases'
import { silentLogger } from './loggers'
import { TestClock, testRandomness } from './test-clock'
import { UNLIMITED } from './unlimited'

const wasSent = ({ batches, singles }: GroupRun): boolean => batches.length > 0 || singles > 0
/** The default schedule. */
const TICK_MS = 5 * 60_000

export const BASE = '/plugins/bank/withdrawal'
export const IBAN = 'DE89370400440532013000'

export interface WorldOptions {
  readonly config?: Record<string, unknown>
  readonly repeatedBurn?: RepeatedBurn
  readonly logger?: Logger
  /** Whether other processes can see that this one lives: a connection of its own at every start, which costs as much as all else. */
  readonly isSeen?: boolean
  /** The test starts the plugin itself, the first time too. */
  readonly isStartedLater?: boolean
  /** In place of the sandbox; made anew at each start, as a process does. */
  readonly provider?: (clock: TestClock) => PaymentProvider
  /** In place of a provider given in code: those that operators may switch on. */
  readonly definitions?: readonly ProviderDefinition[]
  /** Where nobody has set anything; the sandbox is on. */
  readonly defaults?: Readonly<Record<string, unknown>>
  /** Puts something between the engine and the outside: faults, counters, crashes. */
  readonly around?: {
    readonly database?: (database: Database) => Database
    readonly exchange?: (exchange: Exchange) => Exchange
    readonly toolsLib?: (toolsLib: ToolsLib) => ToolsLib
    readonly provider?: (provider: PaymentProvider) => PaymentProvider
  }
}

/**
 * One plugin with a sandbox kit and bank around it, on a database whose clock the test moves. Requests answer as
 * soon as the withdrawal comes to rest (`waitMs` is 0), and nothing happens in the background unless a test asks.
 */
export class World {
  private constructor(
    readonly database: TestDatabase,
    readonly clock: TestClock,
    readonly random: Randomness,
    readonly kit: SandboxKit,
    readonly bank: SandboxBank,
    private readonly options: WorldOptions,
  ) {}

  private app_: App | null = null

  static async create(database: TestDatabase, options: WorldOptions = {}): Promise<World> {
    await database.reset()
    const clock = new TestClock(database)
    const kit = createSandboxKit({
      database,
      clock,
      tokens: createSandboxTokens(createSecretKey(Buffer.alloc(32, 7))),
      repeatedBurn: options.repeatedBurn ?? 'refused',
    })
    await kit.open()
    const bank = createSandboxBank(createStore(database).providerDocuments('sandbox'), clock)
    const world = new World(database, clock, testRandomness(), kit, bank, options)
    if (!options.isStartedLater) await world.start()
    return world
  }

  /** Boots the plugin; a second call is a restart with empty memory. */
  async start(around = this.options.around ?? {}): Promise<void> {
    const { clock, random, kit } = this
    const { dedicated: _dedicated, ...unseen } = this.database
    const database = this.options.isSeen ? this.database : unseen
    const logger = this.options.logger ?? silentLogger
    const toolsLib = around.toolsLib?.(kit.toolsLib) ?? kit.toolsLib
    const provider = this.options.provider?.(clock) ?? sandboxProvider()
    const kitSide = createKitSide({ toolsLib, clock, logger })
    const app = createApp({
      ...kitSide,
      exchange: (config) => {
        const exchange = kitSide.exchange(config)
        return around.exchange?.(exchange) ?? exchange
      },
      ...(this.options.definitions
        ? {
            definitions: this.options.definitions,
            defaults: () => ({ providers: 'sandbox', ...this.options.defaults }),
          }
        : { providers: [around.provider?.(provider) ?? provider] }),
      database: around.database?.(database) ?? database,
      config: { worker: false, waitMs: 0, dialects: ['iotaap'], ...UNLIMITED, ...this.options.config },
      logger,
      clock,
      random,
    })
    this.app_ = app
    await app.start()
  }

  get app(): App {
    if (!this.app_) throw new Error('The world has not been started.')
    return this.app_
  }

  get engine(): Engine {
    return this.app.engine()
  }

  /** An Express host with the plugin in it. */
  host(): express.Express {
    const host = express()
    host.use(this.app.router)
    return host
  }

  token = (userId = 1, ...scopes: string[]): string => this.kit.tokens.sign(userId, ['user', ...scopes])

  get = (path: string, userId = 1) =>
    request(this.host())
      .get(`${BASE}${path}`)
      .set('Authorization', `Bearer ${this.token(userId)}`)

  post = (
    body: unknown,
    { userId = 1, path = '/', key }: { userId?: number; path?: string; key?: string } = {},
  ) => {
    const sent = request(this.host())
      .post(`${BASE}${path}`)
      .set('Authorization', `Bearer ${this.token(userId)}`)
      .set('Content-Type', 'application/json')
    if (key !== undefined) sent.set('Idempotency-Key', key)
    return sent.send(typeof body === 'string' ? body : JSON.stringify(body))
  }

  /** As the operator, user 2. */
  see = (path: string) =>
    request(this.host())
      .get(`${BASE}${path}`)
      .set('Authorization', `Bearer ${this.token(2, 'admin')}`)

  operate = (path: string, body: Record<string, unknown>) =>
    request(this.host())
      .post(`${BASE}${path}`)
      .set('Authorization', `Bearer ${this.token(2, 'admin')}`)
      .send(body)

  withdraw = (amount: number | string, extra: Record<string, unknown> = {}) =>
    this.post({ currency: 'eur', amount, bank_account: { iban: IBAN }, ...extra })

  /** A withdrawal of this amount, as stored after the request was answered. */
  async withdrawn(amount: number | string): Promise<StoredWithdrawal> {
    const { body } = (await this.withdraw(amount).expect(200)) as { body: { id: string } }
    return this.row(body.id)
  }

  async row(id: string): Promise<StoredWithdrawal> {
    const row = await createStore(this.database).findWithdrawal(id)
    if (!row) throw new Error(`There is no withdrawal ${id}.`)
    return row
  }

  journal = (id: string): Promise<readonly JournalEntry[]> => createStore(this.database).readJournal(id)

  /** What a person is asked: kind and withdrawal of each open difference. */
  async asked(): Promise<readonly (readonly [string, string])[]> {
    const open = await createStore(this.database).listDifferences({ isOpen: true, limit: 500 })
    return open.map(({ kind, withdrawalId }) => [kind, withdrawalId] as const)
  }

  async rows(): Promise<readonly { id: string; state: string }[]> {
    return this.database.query('select id, state from bank_withdrawal.withdrawals order by id')
  }

  /** What the exchange's user can spend and what is locked. */
  async balance(userId = 1, currency = 'eur'): Promise<{ available: number; locked: number }> {
    const found = (await this.kit.wallet.balancesOf(userId)).find((balance) => balance.currency === currency)
    return { available: Number(found?.available ?? 0), locked: Number(found?.locked ?? 0) }
  }

  /** Waits until what a request has set going, and answered before it came to rest, rests. */
  async settled(): Promise<void> {
    await this.app.stop()
    await this.start()
  }

  /**
   * Works, runs batches when one is due, and moves the clock to the next thing to do, until nothing is left or
   * `untilMs` have passed.
   */
  async runToRest(untilMs = 7 * 24 * 3_600_000): Promise<void> {
    const end = this.clock.monotonicMs() + untilMs
    for (let looks = 0; looks < 2_000; looks++) {
      if ((await this.engine.runner.tick()) > 0) continue
      const [next] = await this.database.query<{ at: Date | null; hasBatch: boolean }>(
        `select min(next_run_at) as at, coalesce(bool_or(state = 'ready' and mode = 'batch'
                and next_run_at <= bank_withdrawal.clock()), false) as "hasBatch"
           from bank_withdrawal.withdrawals`,
      )
      if (!next?.at || next.at.getTime() > end || this.clock.monotonicMs() > end) return
      if (next.hasBatch && (await this.engine.batches.run()).some(wasSent)) continue
      // A provider that is left alone or paused does not send what is due: time goes on, as between two ticks.
      await this.clock.advanceTo(next.hasBatch ? new Date(this.clock.now().getTime() + TICK_MS) : next.at)
    }
    throw new Error('The world does not come to rest.')
  }
}
