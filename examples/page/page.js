import { createWithdrawalsClient, isWithdrawalError, newIdempotencyKey } from 'hollaex-bank-withdrawal/client'

const [signIn, pay, said] = ['sign-in', 'pay', 'said'].map((id) => document.getElementById(id))
const say = (text) => (said.textContent = text)

/** Who is signed in, and what our own requests are known by. */
let session = await ask('GET')

async function ask(method, body) {
  const answer = await fetch('/session', {
    method,
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session?.csrf ?? '' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const { message, ...given } = await answer.json()
  if (!answer.ok) throw new Error(message)
  return given
}

function show() {
  signIn.hidden = session.person !== null
  pay.hidden = !signIn.hidden
  if (session.person) void goOn()
}

signIn.addEventListener('submit', async (event) => {
  event.preventDefault()
  try {
    session = await ask('POST', Object.fromEntries(new FormData(signIn)))
    say(`Good day, ${session.person.name}.`)
    show()
  } catch (error) {
    say(error.message)
  }
})

const client = () =>
  createWithdrawalsClient({
    baseUrl: `${location.origin}/plugins/bank/withdrawal`,
    credentials: 'same-origin',
    headers: { 'X-CSRF-Token': session.csrf },
  })

/** What was asked for and not answered yet. It outlives the page, so that a reload stays the same withdrawal. */
const attempt = {
  get: () => JSON.parse(sessionStorage.getItem('attempt')),
  keep: (value) => sessionStorage.setItem('attempt', JSON.stringify(value)),
  forget: () => sessionStorage.removeItem('attempt'),
}

pay.addEventListener('submit', (event) => {
  event.preventDefault()
  // The second half of a double click.
  if (attempt.get()) return
  const { amount, ...bank_account } = Object.fromEntries(new FormData(pay))
  attempt.keep({
    key: newIdempotencyKey(),
    owner: session.person.id,
    body: { currency: 'eur', amount, bank_account },
  })
  void goOn()
})

async function goOn() {
  const mine = attempt.get()
  if (mine?.owner !== session.person.id) return
  say('One moment …')
  try {
    const { id } = await client().create(mine.body, { idempotencyKey: mine.key })
    attempt.forget()
    const { status, reason } = await client().waitFor(id, {
      onLook: ({ stage }) => say(`Under way: ${stage} …`),
    })
    say(status === 'processed' ? `Paid: ${mine.body.amount} EUR.` : `Not paid. ${reason ?? ''}`)
  } catch (error) {
    if (!isWithdrawalError(error)) throw error
    // Where nobody answered it may have been accepted: the key is kept, and asked with again.
    const isOpen = error.code === 'no_answer' || error.code === 'strange_answer' || error.status >= 500
    if (isOpen || error.status === 401 || error.status === 429)
      return say(`${error.message} Load the page again to go on.`)
    attempt.forget()
    say(error.message)
  }
}

show()
