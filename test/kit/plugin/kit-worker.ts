import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

import express from 'express4'

import type { Coin, KitUser } from '../fake-kit-state'
import { createFakeKit } from '../fake-tools-lib'

/**
 * The worker thread in which a kit runs all its plugins (plugin-process.js of kit 2.17.8), with the fake toolsLib.
 * Whatever escapes a plugin here takes the thread down, as it does there.
 */
export interface KitWorkerData {
  readonly script: string
  /** The package the kit evaluates scripts with. */
  readonly evaluator: 'kit-eval' | 'kit-eval-old'
  readonly networkUrl: string
  readonly meta: unknown
  readonly publicMeta: unknown
}

export type ToWorker =
  | { readonly do: 'set user'; readonly user: KitUser }
  | { readonly do: 'set coin'; readonly coin: Coin }
  | { readonly do: 'set kit'; readonly kitConfig: unknown }
  | { readonly do: 'set otp'; readonly userId: number; readonly code: string }

export type FromWorker =
  | { readonly port: number }
  | { readonly log: string; readonly text: string }
  | { readonly evaluationFailed: string }
  | { readonly done: true }

type Evaluate = (script: string, name: string, scope: object, includeGlobals: boolean) => unknown

const data = workerData as KitWorkerData
const say = (message: FromWorker): void => parentPort?.postMessage(message)

const app = express()
app.use(express.urlencoded({ extended: true }))
app.use(express.json({ limit: '20mb' }))
app.use((req, _res, next) => {
  Object.assign(req, { uuid: randomUUID() })
  next()
})

const kit = createFakeKit(data.networkUrl)
const logger = Object.fromEntries(
  ['error', 'warn', 'info', 'verbose', 'debug', 'silly'].map((level) => [
    level,
    (...parts: unknown[]) => say({ log: level, text: parts.map(String).join(' ') }),
  ]),
)
const context = {
  configValues: { publicMeta: data.publicMeta, meta: data.meta },
  pluginLibraries: { app, loggerPlugin: logger, toolsLib: kit.toolsLib },
  app,
  toolsLib: kit.toolsLib,
  loggerPlugin: logger,
  restartPluginProcess: () => process.exit(0),
  meta: data.meta,
  publicMeta: data.publicMeta,
  installedLibraries: {},
}
try {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const evaluate = require(data.evaluator) as Evaluate
  evaluate(data.script, 'bank-withdrawal', context, true)
} catch (error) {
  say({ evaluationFailed: String((error as { message?: unknown }).message) })
}

parentPort?.on('message', (message: ToWorker) => {
  const { state } = kit
  switch (message.do) {
    case 'set user':
      state.users.set(message.user.id, message.user)
      break
    case 'set coin':
      state.coins = { ...state.coins, [message.coin.symbol]: message.coin }
      break
    case 'set kit':
      state.kitConfig = message.kitConfig
      break
    case 'set otp':
      state.otpCodes.set(message.userId, message.code)
  }
  say({ done: true })
})

const server = app.listen(0, '127.0.0.1', () => say({ port: (server.address() as AddressInfo).port }))
