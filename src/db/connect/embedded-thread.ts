/** The thread that the embedded database runs in; started by embedded.ts and by nobody else. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'

import type { Database, Transaction } from './database'
import { type EmbeddedAnswer, type EmbeddedRequest, failureOf, type ThreadData } from './embedded-messages'
import { bootPglite, fromPglite } from './pglite'

interface Open {
  readonly tx: Transaction
  readonly commit: () => void
  readonly rollback: (why: typeof ASKED_FOR) => void
  /** Resolves when its commit is on the disk. */
  readonly done: Promise<void>
}

const ASKED_FOR = Symbol('rolled back because it was asked for')

/** Works one request after the other, in the order in which they come; a transaction keeps the others waiting. */
function serve(database: Database, port: MessagePort): void {
  const open = new Map<number, Open>()

  const begin = (id: number): Promise<void> =>
    new Promise((granted, failed) => {
      const done = database.transaction(
        (tx) =>
          new Promise<void>((commit, rollback) => {
            open.set(id, { tx, commit, rollback, done })
            granted()
          }),
      )
      done.catch(failed)
    })

  function opened(tx: number): Open {
    const found = open.get(tx)
    if (!found) throw new Error('The transaction has ended.')
    return found
  }

  async function end(id: number, how: 'commit' | 'rollback'): Promise<void> {
    const { commit, rollback, done } = opened(id)
    open.delete(id)
    if (how === 'commit') commit()
    else rollback(ASKED_FOR)
    await done.catch((error: unknown) => {
      if (error !== ASKED_FOR) throw error
    })
  }

  async function answer(request: EmbeddedRequest): Promise<readonly object[]> {
    switch (request.kind) {
      case 'query': {
        const by = request.tx === undefined ? database : opened(request.tx).tx
        return by.query(request.text, request.parameters, request.name)
      }
      case 'script':
        await opened(request.tx).tx.script(request.text)
        return []
      case 'begin':
        await begin(request.id)
        return []
      case 'end':
        await end(request.tx, request.how)
        return []
      case 'close':
        await database.close()
        return []
    }
  }

  port.on('message', (request: EmbeddedRequest) => {
    const { id } = request
    answer(request).then(
      (rows) => send(port, { id, rows }),
      (error: unknown) => {
        send(port, { id, failure: failureOf(error) })
        // PostgreSQL has given up, and hangs at whatever it is asked next: whoever waits shall hear of it.
        if (isTheEnd(error)) process.exit(1)
      },
    )
  })
}

const send = (port: MessagePort, answer: EmbeddedAnswer): void => port.postMessage(answer)

/** A panic of PostgreSQL's, or of the machine that it is compiled for. */
function isTheEnd(error: unknown): boolean {
  const { severity, name } = (error ?? {}) as { severity?: unknown; name?: unknown }
  return severity === 'PANIC' || severity === 'FATAL' || name === 'RuntimeError' || name === 'ExitStatus'
}

async function main(port: MessagePort): Promise<void> {
  try {
    serve(fromPglite(await bootPglite((workerData as ThreadData).dataDir)), port)
    send(port, { id: 0, rows: [] })
  } catch (error) {
    send(port, { id: 0, failure: failureOf(error) })
  }
}

if (parentPort) void main(parentPort)
