import type { PGliteInterface as Pglite } from '@electric-sql/pglite'

/** Runs a statement whose text is always the same. */
export type NamedStatements = <Row extends object>(
  text: string,
  parameters: readonly unknown[],
) => Promise<readonly Row[]>

/** What is used here of PGlite's own protocol; its types say `any` of most of it. */
interface Session {
  execProtocolStream(message: Uint8Array): Promise<Said>
  runExclusive<Result>(work: () => Promise<Result>): Promise<Result>
  readonly serializers: Readonly<Record<number, (value: unknown) => string>>
  readonly parsers: object
}
type Said = readonly object[]
interface Protocol {
  readonly protocol: {
    readonly serialize: {
      query(text: string): Uint8Array
      parse(statement: { name: string; text: string }): Uint8Array
      describe(what: { type: 'S' | 'P'; name?: string }): Uint8Array
      bind(values: { statement: string; values: readonly (string | null)[] }): Uint8Array
      execute(limit: object): Uint8Array
      sync(): Uint8Array
    }
  }
  readonly parse: {
    parseDescribeStatementResults(said: Said): readonly number[]
    parseResults(said: Said, parsers: object): readonly { readonly rows: readonly object[] }[]
  }
}

const protocolOf = async (): Promise<Protocol> =>
  (await import('@electric-sql/pglite')) as unknown as Protocol

interface Prepared {
  readonly name: string
  readonly parameterTypes: readonly number[]
}

/** As for the connections to a server: no plan outlives what it was made for by more than this. */
const PLANS_MAX_MS = 5 * 60_000

/**
 * PGlite parses and plans a statement each time it is asked, which takes several times as long as running it. Here a
 * statement is parsed and planned once, by the protocol's own means. Not for two at the same time outside a transaction.
 */
export function createNamedStatements(pglite: Pglite): NamedStatements {
  const db = pglite as unknown as Session
  const prepared = new Map<string, Prepared>()
  let plannedAtMs = performance.now()

  async function prepare(text: string): Promise<Prepared> {
    const { protocol, parse } = await protocolOf()
    const { serialize } = protocol
    const name = `bw_${prepared.size}`
    const said = await db.execProtocolStream(
      joined([serialize.parse({ name, text }), serialize.describe({ type: 'S', name }), serialize.sync()]),
    )
    const made = { name, parameterTypes: parse.parseDescribeStatementResults(said) }
    prepared.set(text, made)
    return made
  }

  async function planAnewAfterAWhile(): Promise<void> {
    if (performance.now() - plannedAtMs < PLANS_MAX_MS) return
    const { protocol } = await protocolOf()
    await db.execProtocolStream(protocol.serialize.query('discard plans'))
    plannedAtMs = performance.now()
  }

  return <Row extends object>(text: string, parameters: readonly unknown[]) =>
    db.runExclusive(async () => {
      await planAnewAfterAWhile()
      const { name, parameterTypes } = prepared.get(text) ?? (await prepare(text))
      const { protocol, parse } = await protocolOf()
      const { serialize } = protocol
      const values = parameters.map((value, at) => {
        if (value === null || value === undefined) return null
        const serializer = db.serializers[parameterTypes[at] ?? 0]
        return serializer ? serializer(value) : (value as string | number).toString()
      })
      // In one message: what follows an error is passed over up to the end of it, where the commit is.
      const said = await db.execProtocolStream(
        joined([
          serialize.bind({ statement: name, values }),
          serialize.describe({ type: 'P' }),
          serialize.execute({}),
          serialize.sync(),
        ]),
      )
      return (parse.parseResults(said, db.parsers)[0]?.rows ?? []) as readonly Row[]
    })
}

const joined = (messages: readonly Uint8Array[]): Uint8Array => Buffer.concat(messages)
