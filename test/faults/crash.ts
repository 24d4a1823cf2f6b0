import { type Database, listsOf, type Queryable } from '../../src/db/connect/database'
import type { Exchange } from '../../src/ports/exchange'
import type { PaymentProvider } from '../../src/ports/payment-provider'

/** The number of the edge, or the first edge of a name. */
export interface Death {
  readonly edge: number | string
  readonly when: 'before' | 'after'
}

/**
 * A process that dies at one chosen await. Every call that leaves the process is an edge; at the chosen one the
 * process stops, before the effect or after it. A dead process never hears an answer again: its promises stay
 * open for ever, as after SIGKILL. Throwing would let `catch` and `finally` run, which a killed process does not.
 */
export class Mortal {
  private edges = 0
  private dead = false
  private die: (where: string) => void = () => {}
  readonly names: string[] = []
  /** Resolves with the edge it died at. */
  readonly death: Promise<string>

  constructor(private readonly diesAt: Death | null) {
    this.death = new Promise((resolve) => {
      this.die = resolve
    })
  }

  async edge<Result>(name: string, effect: () => Promise<Result>): Promise<Result> {
    if (this.dead) return never()
    const edge = this.edges++
    this.names.push(name)
    const last = this.diesAt?.edge === edge || this.diesAt?.edge === name
    if (last && this.diesAt?.when === 'before') return this.stop(`before ${name}`)
    const settled = await effect().then(
      (value) => () => value,
      (error: unknown) => () => {
        throw error
      },
    )
    if (this.dead) return never()
    if (last) return this.stop(`after ${name}`)
    return settled()
  }

  private stop(where: string): Promise<never> {
    this.dead = true
    this.die(where)
    return never()
  }

  database = (database: Database): Database => ({
    ...database,
    ...this.queries(database),
    lists: this.queries(listsOf(database)),
    transaction: (work) => this.edge('transaction', () => database.transaction(work)),
    close: () => Promise.resolve(),
  })

  private queries = (queryable: Queryable): Queryable => ({
    query: (text, parameters) =>
      this.edge(`database: ${text.trim().replace(/\s+/g, ' ').slice(0, 60)}`, () =>
        queryable.query(text, parameters),
      ),
  })

  exchange = (exchange: Exchange): Exchange => {
    const wrapped: Record<string, unknown> = { ...exchange }
    for (const [name, member] of Object.entries(exchange)) {
      if (typeof member !== 'function') continue
      const real = member as (...input: unknown[]) => Promise<unknown>
      wrapped[name] = (...input: unknown[]) => this.edge(`exchange: ${name}`, () => real(...input))
    }
    return wrapped as unknown as Exchange
  }

  provider = (provider: PaymentProvider): PaymentProvider => ({
    ...provider,
    submit: (order) => this.edge('provider: submit', () => provider.submit(order)),
    lookup: (query) => this.edge('provider: lookup', () => provider.lookup(query)),
  })

  around() {
    return { database: this.database, exchange: this.exchange, provider: this.provider }
  }
}

const never = () => new Promise<never>(() => {})
