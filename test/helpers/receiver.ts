import type { IncomingMessage } from 'node:http'

import { Webhook } from 'standardwebhooks'

import type { Queryable } from '../../src/db/connect/database'
import { keyNamed } from './keys'
import { listen } from './listen'
import { until } from './until'
import type { World } from './world'

/** One message as it arrived. */
export interface Received {
  readonly id: string
  readonly type: string
  readonly data: Record<string, unknown>
  readonly headers: Record<string, string>
  readonly body: string
}

export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** What the next ones are answered; 200 at first. Null hangs up without an answer. */
  answers: (message: Received) => number | null
  close(): void
}

/** Somebody's own system, on a real port. */
export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const listener = await listen((req, res) => {
    void bodyOf(req).then((body) => {
      const { type, data } = JSON.parse(body) as Pick<Received, 'type' | 'data'>
      const headers = Object.fromEntries(
        Object.entries(req.headers).map(([name, value]) => [name, String(value)]),
      )
      const message = { id: String(headers['webhook-id']), type, data, headers, body }
      received.push(message)
      const status = receiver.answers(message)
      if (status === null) req.socket.destroy()
      else res.writeHead(status, { location: `${listener.url}/elsewhere` }).end()
    })
  })
  const receiver: Receiver = {
    url: `${listener.url}/hooks/exchange`,
    received,
    answers: () => 200,
    close: () => listener.close(),
  }
  return receiver
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Throws when the library does not believe it, at the time of the test's clock. */
export function verify(world: World, secret: string, { body, headers }: Received): unknown {
  const now = jest.spyOn(Date, 'now').mockReturnValue(world.clock.now().getTime())
  try {
    return new Webhook(secret).verify(body, headers)
  } finally {
    now.mockRestore()
  }
}

/** What a world needs so that a receiver on this machine can be told, signed. */
export const TELLING = { privateEndpoints: true, encryptionKeys: keyNamed('k1') }

export async function endpointAt(
  world: World,
  url: string,
  given: Record<string, unknown> = {},
): Promise<{ id: string; version: number; secret: string }> {
  const { body } = await world
    .operate('/admin/endpoints', { audience: 'systems', name: 'ledger', url, reason: 'they asked', ...given })
    .expect(200)
  return body as { id: string; version: number; secret: string }
}

/**
 * The outbox, which looks when it can see all that has been written. It tells nothing behind a transaction that is still open,
 * and PostgreSQL counts those of all databases of a server: a test beside this one may hold one for a moment.
 */
export function outbox(world: World) {
  const { outbox: own } = world.app.telling()
  return {
    ...own,
    /** All that was written so far can be told. */
    seen: () => earlierOnesOver(world.database),
    async run(): Promise<number> {
      await earlierOnesOver(world.database)
      return own.run()
    },
  }
}

async function earlierOnesOver(database: Queryable): Promise<void> {
  const [now] = await database.query<{ next: string }>(
    'select pg_snapshot_xmax(pg_current_snapshot())::text as next',
  )
  await until(async () => {
    const [seen] = await database.query<{ isOver: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as "isOver"',
      [now?.next],
    )
    return seen?.isOver === true
  })
}
