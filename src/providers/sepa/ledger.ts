import type { ProviderDocuments } from '../../ports/payment-provider'
import type { Source } from './reader/report'
import type { StoredFile } from './stored-files'

/**
 * What the provider knows, in documents. An order exists from the moment its document is created, in one write;
 * everything written before that counts for nothing.
 *
 *   order/<order key>        the order, or that it can never come to be
 *   payments/<sha256>        what it pays: keys, references, amounts
 *   message/<message id>     which order a message id belongs to
 *   item/<end-to-end id>     one payment: whose order has claimed it, and what the bank has said about it
 *   said/<order key>         what the bank has said about the order as a whole, or that it never got it
 */
export interface Order {
  readonly key: string
  readonly messageId: string
  /** Hash of what it was asked to pay: the same key with anything else is refused. */
  readonly fingerprint: string
  readonly currency: string
  readonly total: string
  readonly itemCount: number
  readonly createdAt: string
  readonly executionDate: string
  /** As it was set when the order was made: a later change must not send old files. */
  readonly handOver: 'download' | 'folder'
  readonly file: StoredFile
}

/** In the place of an order whose payments another order has taken over: it can never be made. */
export interface VoidOrder {
  readonly void: true
}

export interface Payment {
  readonly key: string
  readonly endToEndId: string
  readonly amount: string
}

interface Said {
  /** The same fact, however often and wherever it is read, has the same id. */
  readonly id: string
  /** The report it was first read in. */
  readonly reportId: string
}
export interface StatusSaid extends Said {
  readonly kind: 'status'
  readonly status: string
  readonly reasons: readonly string[]
  /** When the bank wrote that report, where it says so. */
  readonly writtenAt?: string
}
export interface BookingSaid extends Said {
  readonly kind: 'debit' | 'return'
  /** A booking appears in each kind of report, so each kind is counted for itself. */
  readonly source: Source
  readonly amount: string
  readonly reasons: readonly string[]
  readonly bankReference: string | null
  readonly date: string | null
}
/** Something about this payment that no rule covers: a question, which no clear fact has to wait for. */
export interface UnclearSaid extends Said {
  readonly kind: 'unclear'
  /** What it may be: money that left, money that came back, or a booking that was undone. */
  readonly about: 'debit' | 'return' | 'reversal'
  readonly why: string
  readonly date: string | null
}
export type Fact = StatusSaid | BookingSaid | UnclearSaid

export interface ItemRecord extends Payment {
  readonly orderKey: string
  readonly facts: readonly Fact[]
}

export interface OrderSaid {
  readonly facts: readonly Fact[]
  /** Payments rejected one by one, with their amounts: a booking of the whole leaves them out. */
  readonly rejected: Readonly<Record<string, string>>
  /** When an operator said that the bank never got the file. */
  readonly voidedAt?: string
  /** Only beside `voidedAt`: the bank has spoken all the same. Without that, the document itself says so. */
  readonly isHeard?: true
}

/** `voided`: an operator says that the bank never got the file, and the bank has not said otherwise. */
export type Standing = 'unheard' | 'heard' | 'voided'

const NOTHING_SAID: OrderSaid = { facts: [], rejected: {} }
const isHeard = (said: OrderSaid): boolean => said.voidedAt === undefined || said.isHeard === true

export const isMade = (order: Order | VoidOrder | null): order is Order =>
  order !== null && !('void' in order)

/** Two writers at once are rare, more in a row are a bug. */
const TRIES_MAX = 20

/** Documents with a type. */
function storeOf(documents: ProviderDocuments) {
  const read = async <Value>(id: string): Promise<Value | null> =>
    ((await documents.read(id))?.value as Value | undefined) ?? null

  /** Applies `change` to the present value; null from it leaves that as it is. @returns The value there is now. */
  async function update<Value>(
    id: string,
    change: (present: Value | null) => Value | null,
  ): Promise<Value | null> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const present = await documents.read(id)
      const value = (present?.value as Value | undefined) ?? null
      const next = change(value)
      if (next === null) return value
      const isWritten = present
        ? await documents.replace(id, next, present.version)
        : await documents.create(id, next)
      if (isWritten) return next
    }
    throw new Error('A document of the SEPA provider keeps changing under its writer.')
  }

  return { read, update }
}

export function createLedger(documents: ProviderDocuments) {
  const { read, update } = storeOf(documents)

  return {
    order: (key: string) => read<Order | VoidOrder>(`order/${key}`),
    /** The one write that makes an order. @returns false when there is one, or can never be. */
    makeOrder: (order: Order) => documents.create(`order/${order.key}`, order),
    voidOrder: (key: string) => documents.create(`order/${key}`, { void: true } satisfies VoidOrder),
    async orders(): Promise<readonly Order[]> {
      const all = await documents.list('order/')
      return all.map(({ value }) => value as Order | VoidOrder).filter(isMade)
    },

    savePayments: (sha256: string, payments: readonly Payment[]) =>
      documents.create(`payments/${sha256}`, payments),
    payments: async ({ file }: Order) => (await read<readonly Payment[]>(`payments/${file.sha256}`)) ?? [],

    /** @returns The order key that has the message id: the given one, or an earlier. */
    async claimMessageId(messageId: string, orderKey: string): Promise<string> {
      await documents.create(`message/${messageId}`, { orderKey })
      return (await read<{ orderKey: string }>(`message/${messageId}`))?.orderKey ?? ''
    },
    async orderKeyOf(messageId: string): Promise<string | null> {
      return (await read<{ orderKey: string }>(`message/${messageId}`))?.orderKey ?? null
    },

    item: (endToEndId: string) => read<ItemRecord>(`item/${endToEndId}`),
    claimItem: (item: ItemRecord) => documents.create(`item/${item.endToEndId}`, item),
    updateItem: (endToEndId: string, change: (present: ItemRecord | null) => ItemRecord | null) =>
      update<ItemRecord>(`item/${endToEndId}`, change),

    /** Written before anything about the order's payments is: without it there is nothing to know about them. */
    hearOf: (orderKey: string) =>
      update<OrderSaid>(`said/${orderKey}`, (present) => {
        if (present === null) return NOTHING_SAID
        return isHeard(present) ? null : { ...present, isHeard: true }
      }),
    async standing(orderKey: string): Promise<Standing> {
      const said = await read<OrderSaid>(`said/${orderKey}`)
      if (said === null) return 'unheard'
      return isHeard(said) ? 'heard' : 'voided'
    },
    /** One write, in the place of the first thing the bank says: there is never both. @returns The standing now. */
    async voidFile(orderKey: string, at: Date): Promise<Standing> {
      const voided: OrderSaid = { ...NOTHING_SAID, voidedAt: at.toISOString() }
      const said = await update<OrderSaid>(`said/${orderKey}`, (present) =>
        present === null ? voided : null,
      )
      return said === null || isHeard(said) ? 'heard' : 'voided'
    },
    said: async (orderKey: string) => (await read<OrderSaid>(`said/${orderKey}`)) ?? NOTHING_SAID,
    updateSaid: (orderKey: string, change: (present: OrderSaid) => OrderSaid | null) =>
      update<OrderSaid>(`said/${orderKey}`, (present) => change(present ?? NOTHING_SAID)),
  }
}

export type Ledger = ReturnType<typeof createLedger>

/** The facts with the new ones added, or null when all of them were known. */
export function withFacts(known: readonly Fact[], found: readonly Fact[]): readonly Fact[] | null {
  const ids = new Set(known.map(({ id }) => id))
  // Each once: a document may say the same of one payment several times.
  const added = found.filter(({ id }) => ids.size < ids.add(id).size)
  return added.length === 0 ? null : [...known, ...added]
}
