import path from 'node:path'

import { build } from 'esbuild'

/** Goal: whoever copies examples/page pays once. Method: the page is run, and loaded anew, against answers that are told. */
type Answer = readonly [status: number, body: object, headers?: Record<string, string>]
type Elements = Record<string, { hidden: boolean; textContent: string; addEventListener: Listen }>
type Listen = (event: string, heard: (event: object) => void) => void

const PENDING: Answer = [200, { id: 'one', status: 'pending', stage: 'sent' }]
const FORBIDDEN: Answer = [403, { code: 'forbidden', message: 'Load the page again.' }]
const ours = (code: string, message = 'No.') => ({ code, message, request_id: 'r1' })
const TOO_MUCH: Answer = [400, ours('insufficient_balance', 'Too much.')]
const NOBODY = null

/** One tab of a browser: what it keeps outlives its pages. */
class Tab {
  readonly keys: string[] = []
  person: { id: number; name: string } | null = { id: 1, name: 'ada' }
  #kept = new Map<string, string>()
  #answers: (Answer | null)[] = []
  #submit: (event: object) => void = () => {}
  /** What stands in the form. */
  amount = '10'
  #elements: Elements = {}

  constructor(private readonly text: string) {}

  get said() {
    return this.#elements.said?.textContent
  }

  /** @param answers To its requests about withdrawals, one after the other; nobody answers those behind them. */
  async load(...answers: (Answer | null)[]): Promise<void> {
    this.#answers = answers
    const listen =
      (id: string): Listen =>
      (_event, heard) => {
        if (id === 'pay') this.#submit = heard
      }
    const element = (id: string) => ({ hidden: false, textContent: '', addEventListener: listen(id) })
    this.#elements = Object.fromEntries(['sign-in', 'pay', 'said'].map((id) => [id, element(id)]))
    const form = () => ({ account_holder: 'Ada', iban: 'DE89370400440532013000', amount: this.amount })
    const globals = {
      document: { getElementById: (id: string) => this.#elements[id] },
      location: { origin: 'http://127.0.0.1' },
      sessionStorage: {
        getItem: (name: string) => this.#kept.get(name) ?? null,
        setItem: (name: string, value: string) => this.#kept.set(name, value),
        removeItem: (name: string) => this.#kept.delete(name),
      },
      fetch: (asked: string | Request) => this.#fetch(asked),
      FormData: class {
        *[Symbol.iterator]() {
          yield* Object.entries(form())
        }
      },
      // Nobody waits on a page that is left.
      setTimeout: () => 0,
    }
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const page = new Function(...Object.keys(globals), `return (async () => {${this.text}})()`) as (
      ...given: unknown[]
    ) => Promise<void>
    await page(...Object.values(globals))
    await settled()
  }

  async submit(...answers: (Answer | null)[]): Promise<void> {
    this.#answers = answers
    this.#submit({ preventDefault: () => {} })
    await settled()
  }

  #fetch = (asked: string | Request): Promise<Response> =>
    Promise.resolve(asked).then(() => this.#answer(asked))

  #answer(asked: string | Request): Response {
    if (typeof asked === 'string') return Response.json({ person: this.person, csrf: 'c' })
    if (asked.method === 'POST') this.keys.push(asked.headers.get('Idempotency-Key') ?? 'none')
    const [status, body, headers = {}] = this.#answers.shift() ?? []
    if (status === undefined) throw new TypeError('nobody answers')
    return Response.json(body, { status, headers })
  }
}

/** Everything that does not wait for a timer has happened. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate)
}

describe('The page of the example with a session', () => {
  let text: string
  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [path.join(__dirname, '../../examples/page/page.js')],
      ...{ bundle: true, write: false, format: 'esm', target: 'es2022' },
    })
    text = outputFiles[0]?.text ?? ''
  })

  const opened = async () => {
    const tab = new Tab(text)
    await tab.load()
    return tab
  }

  it('stays one withdrawal when it is loaded anew while the withdrawal is under way', async () => {
    const tab = await opened()
    await tab.submit(PENDING, PENDING)
    expect(tab.said).toBe('Under way: sent …')
    await tab.load(PENDING, [200, { id: 'one', status: 'processed', stage: 'completed' }])

    expect(tab.said).toBe('Paid: 10 EUR.')
    expect(tab.keys).toHaveLength(2)
    expect(new Set(tab.keys).size).toBe(1)
  })

  it('asks with the same key where its session ended while the outcome was waited for', async () => {
    const tab = await opened()
    await tab.submit(PENDING, [401, ours('unauthorized', 'Sign in.')])
    expect(tab.said).toContain('Load the page again to go on.')
    await tab.load(PENDING, PENDING)

    expect(tab.keys).toHaveLength(2)
    expect(new Set(tab.keys).size).toBe(1)
  })

  it.each([
    ['that somebody before the withdrawals refused it', FORBIDDEN],
    ['that the first is still in hand', [409, ours('idempotency_key_in_use'), { 'Retry-After': '60' }]],
    ['to come back later', [408, ours('body_too_slow'), { 'Retry-After': '60' }]],
  ] as [string, Answer][])(
    'does not take for a refusal of the first that it is told %s',
    async (_what, answer) => {
      const tab = await opened()
      await tab.submit(NOBODY)
      await tab.load(answer)
      await tab.load(PENDING, PENDING)

      expect(tab.keys).toHaveLength(3)
      expect(new Set(tab.keys).size).toBe(1)
    },
  )

  it('asks for the same with the same key after a refusal, for what was sent before may arrive late', async () => {
    const tab = await opened()
    await tab.submit(NOBODY)
    await tab.load(TOO_MUCH)
    expect(tab.said).toBe('Too much.')
    await tab.load()
    await tab.submit(PENDING, [200, { id: 'one', status: 'processed', stage: 'completed' }])
    expect(tab.said).toBe('Paid: 10 EUR.')
    expect(tab.keys).toHaveLength(3)
    expect(new Set(tab.keys).size).toBe(1)

    await tab.submit(PENDING, PENDING)
    expect(new Set(tab.keys).size).toBe(2)
  })

  it('takes another key where somebody else’s request has the one it asked with', async () => {
    const tab = await opened()
    await tab.submit([422, ours('idempotency_key_reused')])
    await tab.submit(PENDING, PENDING)
    expect(new Set(tab.keys).size).toBe(2)
  })

  it('begins another one after a refusal, and leaves what somebody else began alone', async () => {
    const tab = await opened()
    await tab.submit(TOO_MUCH)
    expect(tab.said).toBe('Too much.')
    tab.amount = '9'
    await tab.submit(NOBODY)
    tab.person = { id: 2, name: 'grace' }
    await tab.load()
    await tab.submit([200, { id: 'two', status: 'pending' }], PENDING)

    expect(new Set(tab.keys).size).toBe(3)
  })
})
