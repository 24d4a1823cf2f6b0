import { execFile, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

import { createWithdrawalsClient } from 'hollaex-bank-withdrawal/client'
import ts from 'typescript'

import { withdraw } from '../../examples/client'
import manifest from '../../package.json'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { listen, type Listener } from '../helpers/listen'
import { BASE, IBAN, World } from '../helpers/world'
import { DEFERRED } from '../routes/support'

const run = promisify(execFile)

/** Goal: what speaks to the API by its description alone can pay. Method: it does, against the real thing. */
let database: TestDatabase
let world: World
let server: Listener
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
  world = await World.create(database)
  server = await listen(world.host())
})
afterAll(async () => {
  server.close()
  await database.close()
})

const body = (amount: string) => ({ currency: 'eur', amount, bank_account: { iban: IBAN } })

describe('The client', () => {
  const clientFor = (userId = 1, ...scopes: string[]) =>
    createWithdrawalsClient({ baseUrl: `${server.url}${BASE}`, token: () => world.token(userId, ...scopes) })

  it('shows what can be withdrawn, withdraws it once for one key, and finds it again', async () => {
    const client = clientFor()
    const [eur] = await client.options()
    expect(eur).toMatchObject({ currency: 'eur', methods: [{ method: 'BANK' }, { method: 'PAYPAL' }] })

    const quote = await client.quote({ currency: 'eur', amount: '25.00', method: 'BANK' })
    expect(quote).toMatchObject({ payout_amount: 25, leaves_balance: 25 })

    const idempotencyKey = 'one-attempt'
    const [first, again] = await Promise.all([
      client.create(body('25.00'), { idempotencyKey }),
      client.create(body('25.00'), { idempotencyKey }),
    ])
    expect(again.id).toBe(first.id)
    await expect(client.waitFor(first.id)).resolves.toMatchObject({ status: 'processed', amount: 25 })
    await expect(client.find({ status: 'processed' })).resolves.toMatchObject({ count: 1 })
    await expect(client.list({ draw: 3 })).resolves.toMatchObject({ recordsTotal: 1, draw: 3 })
    expect(await (await client.csv()).text()).toContain(first.id)
  })

  it('cancels what was not sent, and says why where it cannot', async () => {
    const client = clientFor(2)
    const { id, cancelable } = await client.create(body(String(DEFERRED)))
    expect(cancelable).toBe(true)
    await expect(client.cancel(id)).resolves.toMatchObject({ status: 'canceled' })
    const paid = await client.create(body('11'))
    await expect(client.cancel(paid.id)).rejects.toMatchObject({ code: 'not_cancelable', status: 409 })
    await expect(client.create(body('1000000'))).rejects.toMatchObject({ code: 'amount_out_of_range' })
  })
})

describe('The example of the client', () => {
  const tell = (amount: string, idempotencyKey: string) =>
    withdraw({ baseUrl: `${server.url}${BASE}`, token: world.token(), iban: IBAN, amount, idempotencyKey })

  it('pays, and says what became of it', async () => {
    await expect(tell('13', 'a')).resolves.toBe('Paid.')
    await expect(tell('13.01', 'a')).resolves.toBe('This Idempotency-Key was used for another request.')
    await expect(tell('1000000', 'b')).resolves.toBe('The largest withdrawal is 100000 EUR.')
  })
})

describe('The description', () => {
  it('has the version of the package, and the address that it was asked at', async () => {
    const answer = await fetch(`${server.url}${BASE}/openapi.json`)
    const { info, servers } = (await answer.json()) as { info: { version: string }; servers: unknown }
    expect(info.version).toBe(manifest.version)
    expect(servers).toEqual([{ url: BASE }])
  })
})

describe('A client that openapi-typescript makes of what is served', () => {
  let place: string
  beforeAll(() => {
    // Where the libraries are found, as in a project that has installed them.
    place = fs.mkdtempSync(path.join(os.tmpdir(), 'generated-'))
    fs.symlinkSync(path.join(__dirname, '../../node_modules'), path.join(place, 'node_modules'))
  })
  afterAll(() => fs.rmSync(place, { recursive: true, force: true }))

  it('compiles as it is, and pays', async () => {
    const description = `${server.url}${BASE}/openapi.json`
    const generator = path.join(place, 'node_modules/openapi-typescript/bin/cli.js')
    await run(process.execPath, [generator, description, '-o', path.join(place, 'api.ts')])
    const program = path.join(place, 'pay.ts')
    fs.writeFileSync(program, PROGRAM)
    const compiled = ts.createProgram([program], {
      ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: ['node'] },
      ...{ strict: true, skipLibCheck: true, noEmitOnError: true },
    })
    const problems = ts.getPreEmitDiagnostics(compiled)
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
    compiled.emit()

    const paying = [path.join(place, 'pay.js'), `${server.url}${BASE}`, world.token(2)]
    const { stdout } = await run(process.execPath, paying)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'processed', amount: 12, iban: IBAN })
  })
})

/** Perl is on every Debian; what makes a client of a description is a package of it, and not on all. */
const hasGenerator = spawnSync('perl', ['-MOpenAPI::Client', '-e', '1']).status === 0
const inPerl = hasGenerator ? 'compiles as it is, and pays once' : 'is skipped without libopenapi-client-perl'

describe('A client in Perl that OpenAPI::Client makes of what is served', () => {
  ;(hasGenerator ? it : it.skip)(inPerl, async () => {
    const paying = ['-e', PERL, `${server.url}${BASE}`, world.token(2)]
    const { stdout } = await run('perl', paying)
    const [first, again, refused] = stdout.trim().split('\n')
    expect(first).toMatch(/^200 processed 14 \S+$/)
    expect(again).toBe(first)
    expect(refused).toMatch(/^400 \/body\/amount/)
  })

  it('finds no pattern that only JavaScript reads', async () => {
    const text = await (await fetch(`${server.url}${BASE}/openapi.json`)).text()
    const patterns: string[] = []
    JSON.parse(text, (name: string, value: unknown) => {
      if (name === 'pattern' && typeof value === 'string') patterns.push(value)
      return value
    })
    expect(patterns.length).toBeGreaterThan(10)
    // Of these each language has its own idea, or none.
    expect(patterns.filter((pattern) => /\\[dDwWuUpPkcbB]/.test(pattern))).toEqual([])
  })
})

/** Checks by the description what it sends, and sends what passes. */
const PERL = `
use strict; use warnings FATAL => 'all';
use OpenAPI::Client;
my ($base, $token) = @ARGV;
my $client = OpenAPI::Client->new("$base/openapi.json", base_url => Mojo::URL->new($base));
$client->ua->on(start => sub { $_[1]->req->headers->authorization("Bearer $token") });
my $body = {currency => 'eur', amount => '14.00', bank_account => {iban => '${IBAN}', account_holder => 'Ada'}};
for (1, 2) {
  my $answer = $client->createWithdrawal({'Idempotency-Key' => 'perl', body => $body})->res;
  print join(' ', $answer->code, map { $answer->json->{$_} } qw(status amount id)), "\\n";
}
my $refused = $client->createWithdrawal({body => {%$body, amount => '-1'}})->res;
print $refused->code, ' ', $refused->json->{errors}[0]{path}, "\\n";
`

/** What somebody writes who has read the description and nothing else. */
const PROGRAM = `
import createClient from 'openapi-fetch'
import type { components, paths } from './api'

const [, , baseUrl = '', token = ''] = process.argv

async function pay(): Promise<components['schemas']['Withdrawal']> {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: 'Bearer ' + token } })
  const { data, error } = await client.POST('/', {
    params: { header: { 'Idempotency-Key': 'generated-client' } },
    body: { currency: 'eur', amount: '12.00', bank_account: { iban: '${IBAN}' } },
  })
  if (error) throw new Error(error.code)
  return data
}
void pay().then((withdrawal) => console.log(JSON.stringify(withdrawal)))
`
