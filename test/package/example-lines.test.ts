import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

import type { Browser, Page } from 'playwright-core'

import { openBrowser } from '../browser/chromium'
import { violationsOf } from '../browser/support'
import { IBAN } from '../helpers/world'

/** Goal: who copies a line of examples/README.md gets what it says. Method: the lines are run as they stand there. */
const ROOT = path.join(__dirname, '../..')
const readme = fs.readFileSync(path.join(ROOT, 'examples/README.md'), 'utf8')
const lineOf = (name: string): string =>
  (new RegExp(`^\`\`\`sh ${name}\n(.+)\n\`\`\``, 'm').exec(readme) ?? [])[1] ?? ''

interface Started {
  /** All that it printed so far. */
  text(): string
  /** @throws It ended without. */
  says(what: RegExp): Promise<RegExpExecArray>
}

const running: ChildProcess[] = []
function start(line: string): Started {
  const child = spawn('bash', ['-c', `exec ${line}`], {
    ...{ cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '', PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] },
  })
  running.push(child)
  let text = ''
  const heard: (() => void)[] = []
  const hear = (chunk: Buffer) => {
    text += chunk.toString()
    for (const each of heard) each()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return {
    text: () => text,
    says: (what) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = what.exec(text)
          if (found) resolve(found)
        }
        heard.push(look)
        child.once('close', () => (look(), reject(new Error(`It ended without ${what.source}:\n${text}`))))
        look()
      }),
  }
}

let browser: Browser
let started: Readonly<Record<'app' | 'session' | 'provider', Started>>
beforeAll(async () => {
  started = {
    app: start(lineOf('app')),
    session: start(lineOf('session')),
    provider: start(lineOf('provider')),
  }
  browser = await openBrowser()
}, 60_000)
afterAll(async () => {
  await browser.close()
  for (const child of running) child.kill('SIGKILL')
})

describe('the examples, by their lines in examples/README.md,', () => {
  it('are all of those that there are', () => {
    const files = fs.readdirSync(path.join(ROOT, 'examples')).filter((file) => file !== 'README.md')
    expect(files.filter((file) => !readme.includes(`](${file})`))).toEqual([])
  })

  it('pay in an app, with the client', async () => {
    const [, base = ''] = await started.app.says(/Withdrawals at (\S+)/)
    const [, token = ''] = await started.app.says(/User 1: (\S+)/)
    const line = lineOf('client')
    expect(line).toContain('http://127.0.0.1:3000/plugins/bank/withdrawal <token>')
    const client = start(
      line.replace('http://127.0.0.1:3000/plugins/bank/withdrawal', base).replace('<token>', token),
    )
    await client.says(/^Paid\.$/m)
  }, 60_000)

  it('pay once through a provider whose bank hangs up before it answers', async () => {
    await started.provider.says(/^The bank has paid: 25 EUR$/m)
    expect(started.provider.text()).toMatch(/ confirming\n[^]* completed\n/)
  }, 60_000)
})

describe('the example of a session, in a browser,', () => {
  let page: Page
  let address: string
  beforeAll(async () => {
    address = (await started.session.says(/Open (\S+)\/ and sign in/))[1] ?? ''
    page = await browser.newPage({ locale: 'en-GB' })
    await page.goto(address)
  }, 60_000)

  it('lets nobody in without the password, and pays for whoever is in, once for two clicks', async () => {
    await page.getByLabel('Name').fill('ada')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('do not go together').waitFor()
    await page.getByLabel('Password').fill('sandbox')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Account holder').fill('Ada Lovelace')
    await page.getByLabel('IBAN').fill(IBAN)
    await page.getByLabel('Amount in EUR').fill('10.50')
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Withdraw' }).dblclick()
    await page.getByText('Paid: 10.50 EUR.').waitFor()
    const list = `fetch('/plugins/bank/withdrawal/list').then((answer) => answer.json())`
    expect(await page.evaluate(list)).toMatchObject({ recordsTotal: 1 })
  }, 60_000)

  it('hands no token to the browser, and does nothing for another site’s page', async () => {
    const held = await page.evaluate(
      '[document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)]',
    )
    expect(held).toEqual(['', '{}', '{}'])
    const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    const body = JSON.stringify({ currency: 'eur', amount: '10', bank_account: { iban: IBAN } })
    const forged = await fetch(`${address}/plugins/bank/withdrawal`, {
      ...{ method: 'POST', headers: { cookie: cookies, 'content-type': 'application/json' }, body },
    })
    expect([forged.status, await forged.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'forbidden' }),
    ])
    // A token that is sent along does not make somebody else of whom the session names.
    const other = await fetch(`${address}/plugins/bank/withdrawal/list`, {
      headers: { authorization: 'Bearer somebody' },
    })
    expect(other.status).toBe(401)
  })
})
