import type { BooksStore } from '../db/books'
import type { FigureStore } from '../db/figures'
import type { FloatStore } from '../db/float'
import type { GateStore } from '../db/gates'
import type { TrailStore } from '../db/trail'
import type { Authenticator } from '../ports/authenticator'
import type { Metrics } from '../runtime/metrics'
import type { PayoutProofs } from '../services/books/proofs'
import type { RequestLimits } from '../services/limits/request-limits'
import type { PolicyBook } from '../services/policy/book'
import type { Engine } from './engine'
import type { Ground } from './ground'
import type { PayoutPlans } from './plans'
import type { Reconciliation } from './reconciliation'

/** All of it, with what has been made of it: handed on as a whole, each part takes what it needs. */
export interface Wired extends Ground {
  readonly engine: Engine
  readonly plans: PayoutPlans
  readonly authenticator: Authenticator
  readonly book: PolicyBook
  readonly gates: GateStore
  readonly trail: TrailStore
  readonly books: BooksStore
  readonly reconciliation: Reconciliation
  readonly proofs: PayoutProofs
  readonly limits: RequestLimits
  readonly figures: FigureStore
  readonly floats: FloatStore
  readonly metrics: Metrics
}

/** The same under the names by which services ask for it. */
export const forServices = ({ providers, plans, engine, store, vault, book, ...rest }: Wired) => ({
  ...rest,
  policy: book.current,
  ...plans,
  store,
  vault,
  transition: engine.transition,
  providers: providers.all,
  providerNamed: providers.named,
})
