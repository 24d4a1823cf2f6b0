import { randomBytes } from 'node:crypto'

import pg from 'pg'
import request from 'supertest'

import { DEBTOR_IBAN, fixture } from '../../providers/sepa/rig'
import { FakeNetwork } from '../fake-network'
import { type KitProcess, startKit } from './kit-process'
import { BASE, bearer, script, untilReady } from './rig'

/**
 * Goal: bank reports are read inside a kit as they are outside, where a plugin is one script that is evaluated without
 * most globals. Method: the thread of a kit, with the evaluators of its old and new versions.
 */
const META = {
  providers: 'sepa',
  lease_seconds: 60,
  sepa_debtor_name: 'Example',
  sepa_debtor_iban: DEBTOR_IBAN,
}

let network: FakeNetwork
let kit: KitProcess | null = null
let name: string
const run = async (statement: string) => {
  const client = new pg.Client({ connectionString: process.env.TEST_POSTGRES })
  await client.connect()
  await client.query(statement)
  await client.end()
}
beforeEach(async () => {
  network = await FakeNetwork.listen()
  name = `t_${randomBytes(6).toString('hex')}`
  await run(`create database ${name}`)
})
afterEach(async () => {
  const crashes = kit?.crashes
  await kit?.terminate()
  await network.close()
  await run(`drop database ${name} with (force)`)
  expect(crashes).toEqual([])
})

it.each(['kit-eval', 'kit-eval-old'] as const)(
  'a bank’s report is read in a kit with %s',
  async (evaluator) => {
    const database = new URL(String(process.env.TEST_POSTGRES))
    database.pathname = `/${name}`
    kit = await startKit({
      script: await script(),
      networkUrl: network.url,
      databaseUrl: database.href,
      meta: META,
      evaluator,
    })
    await untilReady(kit.url)
    const bring = async (content: string) => {
      const { body } = await request(String(kit?.url))
        .post(`${BASE}/admin/files/sepa?name=statement.xml&reason=from+the+bank`)
        .set('Authorization', bearer(['admin']))
        .set('Content-Type', 'application/xml')
        .send(content)
        .expect(200)
      return body as { matched: number; problems: readonly string[] }
    }

    const statement = fixture('4-camt.053.001.08-statement.xml')
    expect(await bring(statement)).toMatchObject({
      matched: 0,
      problems: [expect.stringContaining('fits no payment')],
    })
    expect((await bring(statement.slice(0, 900))).problems).toEqual([
      expect.stringMatching(/^It is not well-formed XML \(line \d+\)\.$/),
    ])
  },
)
