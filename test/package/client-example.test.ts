import { withdraw } from '../../examples/client'
import { listen, type Listener } from '../helpers/listen'

/** What the example of the client tells a person whom somebody in between, or nobody, answers. */
type Answer = readonly [status: number, body: object, again?: 'soon']

const ours = (code: string, message: string) => ({ code, message, request_id: 'r1' })

let server: Listener
let answers: Answer[]
beforeEach(async () => {
  server = await listen((_req, res) => {
    const [status, body, again] = answers.shift() ?? [500, {}]
    // Where it is not soon, later than the client has patience for.
    res.writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': again ? '0' : '60' })
    res.end(JSON.stringify(body))
  })
})
afterEach(() => server.close())

const tell = (...given: Answer[]) => {
  answers = given
  const wish = { baseUrl: server.url, token: 't', amount: '10', iban: 'DE89370400440532013000' }
  return withdraw({ ...wish, idempotencyKey: 'kept' })
}

describe('The example of the client', () => {
  it.each<readonly [status: number, body: object]>([
    [502, {}],
    [401, ours('unauthorized', 'Sign in.')],
    [409, ours('idempotency_key_in_use', 'It is still being answered.')],
  ])('names the key to ask again with where %s says nothing of what was accepted', async (...answer) => {
    await expect(tell(answer)).resolves.toContain('Ask again with the key kept: it stays one withdrawal.')
  })

  it('names the key where the refused one repeats another that may arrive yet', async () => {
    await expect(tell([502, {}, 'soon'], [400, ours('otp_invalid', 'Wrong code.')])).resolves.toBe(
      'Wrong code. Ask again with the key kept: it stays one withdrawal.',
    )
  })

  it('says that it was accepted where only its outcome cannot be had', async () => {
    const accepted: Answer = [200, { id: 'one', status: 'pending' }]
    const said = await tell(accepted, [401, ours('unauthorized', 'Sign in.')])
    expect(said).toBe('Sign in. It was accepted as one, and goes on without you; look again later.')
  })

  it('says of a refusal nothing but why', async () => {
    await expect(tell([400, ours('insufficient_balance', 'Too much.')])).resolves.toBe('Too much.')
  })
})
