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

/**
 * What this person asked for last and has not been told the end of. It outlives the page, so that a reload stays the same
 * withdrawal; what somebody else began in this tab is left to them. `isRefused`: it is not asked again by itself.
 */
const attempt = {
  name: () => `attempt-${session.person.id}`,
  get: () => JSON.parse(sessionStorage.getItem(attempt.name())),
  keep: (value) => sessionStorage.setItem(attempt.name(), JSON.stringify(value)),
  forget: () => sessionStorage.removeItem(attempt.name()),
}

pay.addEventListener('submit', (event) => {
  event.preventDefault()
  const last = attempt.get()
  // The second half of a double click, or one whose end is not known yet.
  if (last && !last.isRefused) return
  const { amount, ...bank_account } = Object.fromEntries(new FormData(pay))
  const body = { currency: 'eur', amount, bank_account }
  // A refusal uses no key up. What was sent before the refused one may arrive late: the same again stays one withdrawal.
  const isSame = JSON.stringify(last?.body) === JSON.stringify(body)
  attempt.keep({ key: isSame ? last.key : newIdempotencyKey(), body })
  void goOn()
})

/**
 * Whether it says that this was not accepted, nor one with the same key that had arrived before. Who is not signed in any more, is forbidden,
 * too early or too often here was turned away before anybody looked whether the key is known.
 */
const isRefusal = ({ status, code }) =>
  status >= 400 &&
  status < 500 &&
  ![401, 403, 408, 425, 429].includes(status) &&
  !['strange_answer', 'idempotency_key_in_use'].includes(code)

async function goOn() {
  const mine = attempt.get()
  if (!mine || mine.isRefused) return
  say('One moment …')
  try {
    const { id } = await client().create(mine.body, { idempotencyKey: mine.key })
    const { status, reason } = await client().waitFor(id, {
      onLook: ({ stage }) => say(`Under way: ${stage} …`),
    })
    attempt.forget()
    say(status === 'processed' ? `Paid: ${mine.body.amount} EUR.` : `Not paid. ${reason ?? ''}`)
  } catch (error) {
    if (!isWithdrawalError(error)) throw error
    // It is there, and takes long: the list of withdrawals has it. Another one may be asked for.
    const isOver = ['still_pending', 'idempotency_key_reused'].includes(error.code)
    if (isOver) attempt.forget()
    else if (isRefusal(error)) attempt.keep({ ...mine, isRefused: true })
    // Else it may have been accepted: the key is kept, and asked with again.
    else return say(`${error.message} Load the page again to go on.`)
    say(error.message)
  }
}

show()
