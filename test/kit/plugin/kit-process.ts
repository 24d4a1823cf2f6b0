import path from 'node:path'
import { Worker } from 'node:worker_threads'

import { buildSync } from 'esbuild'

import type { FromWorker, KitWorkerData, ToWorker } from './kit-worker'

let workerCode: string | null = null

/** Compiled, because a worker thread reads no TypeScript. Its packages stay outside: it is run in the repository. */
function compiledWorker(): string {
  workerCode ??= buildSync({
    entryPoints: [path.join(__dirname, 'kit-worker.ts')],
    bundle: true,
    write: false,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
  }).outputFiles[0]?.text as string
  return workerCode
}

export interface LogLine {
  readonly level: string
  readonly text: string
}

/** A running plugin worker of a kit. */
export interface KitProcess {
  readonly url: string
  readonly logs: readonly LogLine[]
  /** Why the script could not be evaluated; null when it could. */
  readonly evaluationFailure: string | null
  /** Whatever took the thread down. */
  readonly crashes: readonly unknown[]
  tell(message: ToWorker): Promise<void>
  /** As a kit does it at each save of settings: at once, in the middle of whatever it does. */
  terminate(): Promise<void>
}

export async function startKit(
  options: Partial<KitWorkerData> & { script: string; networkUrl: string; databaseUrl?: string },
): Promise<KitProcess> {
  const { databaseUrl, ...rest } = options
  const data: KitWorkerData = { evaluator: 'kit-eval', meta: {}, publicMeta: {}, ...rest }
  const worker = new Worker(compiledWorker(), {
    eval: true,
    workerData: data,
    env: { ...process.env, ...(databaseUrl !== undefined && databaseVariables(databaseUrl)) },
  })
  const logs: LogLine[] = []
  const crashes: unknown[] = []
  const waiting: (() => void)[] = []
  let evaluationFailure: string | null = null
  const port = await new Promise<number>((resolve, reject) => {
    worker.on('error', (error) => {
      crashes.push(error)
      reject(error)
    })
    worker.on('exit', (code) => reject(new Error(`The worker ended with ${code}.`)))
    worker.on('message', (message: FromWorker) => {
      if ('port' in message) resolve(message.port)
      else if ('log' in message) logs.push({ level: message.log, text: message.text })
      else if ('evaluationFailed' in message) evaluationFailure = message.evaluationFailed
      else waiting.shift()?.()
    })
  })
  return {
    url: `http://127.0.0.1:${port}`,
    logs,
    crashes,
    evaluationFailure,
    tell: (message) =>
      new Promise((resolve) => {
        waiting.push(resolve)
        worker.postMessage(message)
      }),
    async terminate() {
      await worker.terminate()
    },
  }
}

/** What the kit's server has in its environment. */
function databaseVariables(url: string): Record<string, string> {
  const { hostname, port, pathname, username, password } = new URL(url)
  return {
    DB_HOST: hostname,
    DB_PORT: port,
    DB_NAME: pathname.slice(1),
    DB_USERNAME: decodeURIComponent(username),
    DB_PASSWORD: decodeURIComponent(password),
    NODE_ENV: 'production',
  }
}
