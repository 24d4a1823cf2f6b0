import { fakeToken } from '../kit/fake-bearer-check'
import { pick, type Random } from './random'

/** Two who decide; neither has withdrawals of their own. */
const OPERATORS = [9_001, 9_002] as const
export type Operator = (typeof OPERATORS)[number]

export interface DeskAnswer {
  /** 0 where there was none. */
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** What operators do, through any instance that is there. */
export interface Desk {
  get(path: string): Promise<DeskAnswer>
  /** What needs a second person is confirmed by one, or refused now and then. */
  post(path: string, body: Readonly<Record<string, unknown>>): Promise<DeskAnswer>
}

const ANSWER_WITHIN_MS = 20_000
/** Of what one proposed, the other confirms all but this share. */
const REFUSED = 0.15

export function createDesk(options: { targets: () => readonly string[]; random: Random }): Desk {
  const { targets, random } = options

  async function ask(operator: Operator, path: string, body?: object): Promise<DeskAnswer> {
    const token = fakeToken({ sub: { id: operator, email: `${operator}@kit.example` }, scopes: ['admin'] })
    try {
      const response = await fetch(`${pick(random, targets())}/plugins/bank/withdrawal/admin${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as DeskAnswer['body'] }
    } catch {
      return { status: 0, body: {} }
    }
  }

  const word = (id: unknown) =>
    ask(OPERATORS[1], `/approvals/${String(id)}/${random() < REFUSED ? 'refuse' : 'confirm'}`, {
      reason: 'agreed',
    })

  /** Whoever proposed it got no answer, or the other one was cut off: it waits for a word. */
  async function wordOnAll(): Promise<DeskAnswer> {
    const { status, body } = await ask(OPERATORS[1], '/approvals?open=true')
    let answered: DeskAnswer = { status, body }
    for (const { id } of status === 200 ? (body.data as { id: string }[]) : []) answered = await word(id)
    return answered
  }

  return {
    get: (path) => ask(OPERATORS[0], path),
    async post(path, body) {
      const proposed = await ask(OPERATORS[0], path, body)
      if (proposed.status === 202) return word((proposed.body.approval as { id?: unknown }).id)
      return proposed.status === 409 && JSON.stringify(proposed.body).includes('already_proposed')
        ? wordOnAll()
        : proposed
    },
  }
}
