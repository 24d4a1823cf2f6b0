import { createRequire } from 'node:module'
import path from 'node:path'
import { Worker } from 'node:worker_threads'

import type { Database, Transaction } from './database'
import { type Asked, type EmbeddedAnswer, errorOf, type ThreadData } from './embedded-messages'
import { acquireDirectoryLock } from './lock'

/**
 * The embedded database has stopped on its own. Of what was being written nobody knows whether it is stored; it is one
 * or the other, and the next start shows which.
 */
export class EmbeddedDatabaseLostError extends Error {
  override readonly name = 'EmbeddedDatabaseLostError'

  constructor(why: string) {
    super(
      `The embedded database has stopped (${why}). Nothing that was answered is lost; start the program again to go on.`,
    )
  }
}

/**
 * For so long something may wait without anything being answered. PostgreSQL that has given up may spin at what it was
 * asked instead of saying so (a disk that breaks within a commit does that now and then), and nobody would ever hear.
 * Scripts, which are migrations, take what they take, and so does whoever waits behind one.
 */
const SILENT_MAX_MS = 60_000
/** It is counted in steps and not in time: a machine that slept for an hour has been awake for one of them. */
const SILENT_STEPS = 4

/**
 * PostgreSQL inside this process (PGlite), for trying out and development. It runs in a thread of its own: this one
 * never waits for it.
 *
 * @throws {DirectoryInUseError} Another process holds the directory; nothing was touched.
 */
export async function openEmbedded(
  place: { directory: string } | { memory: true },
  start: (data: ThreadData) => Worker = startThread,
  silentMaxMs = SILENT_MAX_MS,
): Promise<Database> {
  if ('memory' in place) return connect(new Calls(start({ dataDir: null }), silentMaxMs), () => {})
  // Taken here and not there: it is the process that holds it, and its end that gives it back.
  const unlock = acquireDirectoryLock(place.directory)
  try {
    return await connect(new Calls(start({ dataDir: `${place.directory}/pglite` }), silentMaxMs), unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

/** A file beside this one: compiled, or as it is written, which only the development's own tools can run. */
function startThread(workerData: ThreadData): Worker {
  const [name, extension] = ['embedded-thread', path.extname(__filename)]
  const file = path.join(__dirname, `${name}${extension}`)
  if (extension !== '.ts') return new Worker(file, { workerData })
  const compiler = createRequire(__filename).resolve('tsx/cjs')
  const script = [compiler, file].map((module) => `require(${JSON.stringify(module)})`).join('\n')
  return new Worker(script, { eval: true, workerData, execArgv: [] })
}

interface Waiting {
  readonly isPatient: boolean
  readonly resolve: (rows: readonly object[]) => void
  readonly reject: (error: Error) => void
}

/** Requests on their way to the thread. */
class Calls {
  readonly gone: Promise<Error>
  private giveUp: () => void = () => {}
  private readonly waiting = new Map<number, Waiting>()
  private lastId = 0
  private over: Error | null = null
  private isEnding = false
  /** How many of them are patient. */
  private patient = 0
  private steps: NodeJS.Timeout | null = null
  private silentSteps = 0

  constructor(
    private readonly thread: Worker,
    private readonly silentMaxMs: number,
  ) {
    thread.on('message', (answer: EmbeddedAnswer) => this.hear(answer))
    this.gone = new Promise((resolve) => {
      let why = 'its thread ended'
      this.giveUp = () => {
        why = `it has not answered for ${silentMaxMs / 1_000} seconds`
        void thread.terminate()
      }
      thread.once('error', (error) => (why = error.message))
      thread.once('exit', () => {
        this.over = this.isEnding ? new Error('The database is closed.') : new EmbeddedDatabaseLostError(why)
        for (const { reject } of this.waiting.values()) reject(this.over)
        this.waiting.clear()
        this.stopListening()
        if (!this.isEnding) resolve(this.over)
      })
    })
  }

  /** The thread's first word: that it has opened the database, or why not. */
  opened(): Promise<unknown> {
    return new Promise((resolve, reject) => this.wait(0, { resolve, reject, isPatient: true }))
  }

  /** @returns The number of the request. */
  ask(request: Asked): { id: number; answer: Promise<readonly object[]> } {
    const id = ++this.lastId
    const answer = new Promise<readonly object[]>((resolve, reject) => {
      if (this.over) throw this.over
      // What cannot be sent throws here, and has not happened.
      this.thread.postMessage({ ...request, id })
      this.wait(id, { resolve, reject, isPatient: request.kind === 'script' })
      this.thread.ref()
    })
    return { id, answer }
  }

  get hasEnded(): boolean {
    return this.over !== null
  }

  /** Ends the thread, whatever it is doing. */
  async end(): Promise<void> {
    this.isEnding = true
    await this.thread.terminate()
  }

  private wait(id: number, waits: Waiting): void {
    this.waiting.set(id, waits)
    if (waits.isPatient) this.patient += 1
    if (this.steps !== null) return
    this.silentSteps = 0
    this.steps = setInterval(() => this.step(), this.silentMaxMs / SILENT_STEPS).unref()
  }

  private step(): void {
    if (this.waiting.size === 0) this.stopListening()
    else if (this.patient > 0) this.silentSteps = 0
    // One more than there are: the first may have come right behind the question.
    else if (++this.silentSteps > SILENT_STEPS) this.giveUp()
  }

  private stopListening(): void {
    if (this.steps !== null) clearInterval(this.steps)
    this.steps = null
  }

  private hear(answer: EmbeddedAnswer): void {
    const waits = this.waiting.get(answer.id)
    this.waiting.delete(answer.id)
    if (waits?.isPatient) this.patient -= 1
    this.silentSteps = 0
    // Nobody waits for it: it keeps no process alive that has nothing else to do.
    if (this.waiting.size === 0) this.thread.unref()
    if ('failure' in answer) waits?.reject(errorOf(answer.failure))
    else waits?.resolve(answer.rows)
  }
}

async function connect(calls: Calls, unlock: () => void): Promise<Database> {
  // The directory is free again as soon as nobody writes to it any more.
  void calls.gone.then(unlock)
  try {
    await calls.opened()
  } catch (error) {
    await calls.end()
    throw error
  }
  return {
    kind: 'embedded',
    gone: calls.gone,
    query: queryOn(calls),
    async transaction(work) {
      const begun = calls.ask({ kind: 'begin' })
      await begun.answer
      const end = (how: 'commit' | 'rollback') => calls.ask({ kind: 'end', tx: begun.id, how }).answer
      let result
      try {
        result = await work(transactionOn(calls, begun.id))
      } catch (error) {
        // Where this does not come through, the database is gone, and with it what was not committed.
        await end('rollback').catch(() => {})
        throw error
      }
      await end('commit')
      return result
    },
    async close() {
      try {
        if (!calls.hasEnded) await calls.ask({ kind: 'close' }).answer
      } catch (error) {
        // A thread that ended meanwhile has nothing left to close.
        if (!calls.hasEnded) throw error
      } finally {
        await calls.end()
        unlock()
      }
    },
  }
}

const queryOn =
  (calls: Calls, tx?: number) =>
  async <Row extends object>(text: string, parameters: readonly unknown[] = [], name?: string) => {
    const more = { ...(name !== undefined && { name }), ...(tx !== undefined && { tx }) }
    return (await calls.ask({ kind: 'query', text, parameters, ...more }).answer) as readonly Row[]
  }

const transactionOn = (calls: Calls, tx: number): Transaction => ({
  query: queryOn(calls, tx),
  async script(text) {
    await calls.ask({ kind: 'script', text, tx }).answer
  },
})
