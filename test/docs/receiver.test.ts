import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import express, { type Express } from 'express'
import request from 'supertest'
import ts from 'typescript'

import { createSendMessage } from '../../src/services/events/deliver'

/** Goal: who copies the receiver of docs/webhooks.md hears what we send, and believes nobody else. Method: it is compiled and run. */
const ROOT = path.join(__dirname, '../..')
const [, receiver = ''] =
  /## Receiving it\n\n```ts\n([^]*?)```/.exec(fs.readFileSync(path.join(ROOT, 'docs/webhooks.md'), 'utf8')) ??
  []

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const HOST = `declare const app: express.Express
declare function storeOnce(id: string, event: unknown): Promise<void>
`

type Store = (id: string, event: unknown) => Promise<void>

function hostWith(storeOnce: Store): Express {
  const app = express()
  const { outputText } = ts.transpileModule(receiver, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  })
  const before = process.env.WITHDRAWALS_SECRET
  process.env.WITHDRAWALS_SECRET = SECRET
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const run = new Function('exports', 'require', 'app', 'storeOnce', outputText) as (
      ...given: unknown[]
    ) => void
    run({}, require, app, storeOnce)
  } finally {
    if (before === undefined) delete process.env.WITHDRAWALS_SECRET
    else process.env.WITHDRAWALS_SECRET = before
  }
  const quiet: express.ErrorRequestHandler = (_error, _req, res, _next) => void res.sendStatus(500)
  return app.use(quiet)
}

const PAYLOAD = JSON.stringify({ type: 'withdrawal.paid', data: { id: 'w1', sequence: 5 } })

/** As we sign it. */
async function signed(at = new Date()): Promise<Record<string, string>> {
  let sent: Readonly<Record<string, string>> = {}
  const send = createSendMessage({
    clock: { now: () => at },
    messenger: {
      refuses: () => null,
      close: () => {},
      post({ headers }) {
        sent = headers
        return Promise.resolve({ status: 200 })
      },
    },
  })
  await send({ url: 'https://x.example', secrets: [SECRET] }, { eventId: 'wd_w1_5', payload: PAYLOAD })
  return { ...sent, 'content-type': 'application/json' }
}

describe('The receiver of docs/webhooks.md', () => {
  it('compiles under strict, as it stands there', () => {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), 'receiver-'))
    try {
      fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(place, 'node_modules'))
      const file = path.join(place, 'receiver.ts')
      fs.writeFileSync(file, `${receiver}${HOST}`)
      const compiled = ts.createProgram([file], {
        ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: ['node'] },
        ...{ strict: true, skipLibCheck: true, noEmit: true, esModuleInterop: true },
      })
      const problems = ts.getPreEmitDiagnostics(compiled)
      expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual(
        [],
      )
    } finally {
      fs.rmSync(place, { recursive: true, force: true })
    }
  })

  it('takes what we sign, under the id that is the same at every try', async () => {
    const stored: unknown[] = []
    const host = hostWith((...event) => Promise.resolve(void stored.push(event)))
    for (const at of [new Date(Date.now() - 60_000), new Date()])
      await request(host)
        .post('/hooks/withdrawals')
        .set(await signed(at))
        .send(PAYLOAD)
        .expect(204)
    const event = ['wd_w1_5', JSON.parse(PAYLOAD)]
    expect(stored).toEqual([event, event])
  })

  it.each<[string, (genuine: Record<string, string>) => Record<string, string>, string?]>([
    ['a body that was changed', (genuine) => genuine, PAYLOAD.replace('w1', 'w2')],
    ['another id', (genuine) => ({ ...genuine, 'webhook-id': 'wd_w1_6' })],
    ['another time', (genuine) => ({ ...genuine, 'webhook-timestamp': String(Date.now() / 1_000 + 9) })],
    ['no signature', ({ 'webhook-signature': _, ...rest }) => rest],
    ['another kind of body', (genuine) => ({ ...genuine, 'content-type': 'text/plain' })],
  ])('stores nothing of %s', async (_what, change, body = PAYLOAD) => {
    const host = hostWith(() => Promise.reject(new Error('It was stored.')))
    await request(host)
      .post('/hooks/withdrawals')
      .set(change(await signed()))
      .send(body)
      .expect(400)
  })

  it('stores nothing that was recorded ten minutes ago', async () => {
    const host = hostWith(() => Promise.reject(new Error('It was stored.')))
    const recorded = await signed(new Date(Date.now() - 600_000))
    await request(host).post('/hooks/withdrawals').set(recorded).send(PAYLOAD).expect(400)
  })

  it('says that it failed, and so is told again, where it could not be stored', async () => {
    const host = hostWith(() => Promise.reject(new Error('no database')))
    await request(host)
      .post('/hooks/withdrawals')
      .set(await signed())
      .send(PAYLOAD)
      .expect(500)
  })
})
