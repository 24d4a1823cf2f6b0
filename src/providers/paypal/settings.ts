import { readDecimal } from '../../domain/money'
import { flag, inDesk, integer, listOf, oneOf, type Setting, text } from '../../settings/setting'
import { PAYPAL_CURRENCIES } from './currencies'

const CREDENTIAL = /^[\x21-\x7e]{1,200}$/

/** `usd:20000,eur:18000` */
const maxPerPayout: Setting<Readonly<Record<string, string>>> = {
  doc: 'Largest single payout by currency, as currency:amount, comma-separated. PayPal’s own limit is 20,000 USD or its equivalent, and depends on the account.',
  fallback: { usd: '20000' },
  fallbackText: 'usd:20000',
  read(given) {
    const mustBe = 'currency:amount pairs, comma-separated, such as usd:20000,eur:18000'
    if (typeof given !== 'string') return { mustBe }
    const pairs = given.split(',').map((pair) => {
      const [currency = '', amount = ''] = pair.trim().toLowerCase().split(':')
      return [currency, /^\d{1,12}(?:\.\d{1,2})?$/.test(amount) ? readDecimal(amount) : null] as const
    })
    const isFine = pairs.every(
      ([currency, amount]) => PAYPAL_CURRENCIES.includes(currency) && amount !== null,
    )
    return isFine ? { value: Object.fromEntries(pairs as [string, string][]) } : { mustBe }
  },
}

/** Hundredths of a percent, so that no fee is ever a float. */
const feePercent: Setting<number> = {
  doc: 'What PayPal charges on top of a payout, in percent; only used to say how much of a balance can be paid out.',
  fallback: 200,
  fallbackText: '2',
  read(given) {
    const found = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(String(given).trim())
    if (!found) return { mustBe: 'a percentage with at most two decimals, such as 2 or 1.9' }
    return { value: Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) }
  },
}

const IN_DESK = inDesk({
  environment: {
    ...oneOf('Where payouts go: play money or real.', 'sandbox', ['sandbox', 'live']),
    namesPayer: true as const,
  },
  clientId: {
    ...text('Client id of the PayPal app.', '', CREDENTIAL, 'the client id of a PayPal app'),
    namesPayer: true,
  } satisfies Setting<string>,
  clientSecret: {
    ...text('Secret of the PayPal app.', '', CREDENTIAL, 'the secret of a PayPal app'),
    secret: true,
  } satisfies Setting<string>,
  currencies: listOf(
    'Currencies the PayPal account holds. Empty: every one that PayPal pays across borders.',
    PAYPAL_CURRENCIES,
  ),
  maxPerPayout,
  emailSubject: text(
    'Subject of the mail PayPal sends to the receiver.',
    'You have received a payout',
    /^[\x20-\x7e]{1,255}$/,
    'at most 255 ASCII characters',
  ),
  emailMessage: text(
    'Text of that mail. Empty: PayPal’s own.',
    '',
    /^[\x20-\x7e]{1,1000}$/,
    'at most 1000 ASCII characters',
  ),
  webhookId: text(
    'Id of the webhook in the PayPal app. Empty: no webhook, payouts are only polled.',
    '',
    /^[A-Za-z0-9]{1,50}$/,
    'the id of a webhook: letters and digits',
  ),
  webhookVerification: oneOf(
    'How events are verified: `offline` by PayPal’s certificate, or `postback` by asking PayPal about each.',
    'offline',
    ['offline', 'postback'],
  ),
  returnWindowDays: integer(
    'How long a paid payout is watched for coming back. Unclaimed and held money comes back within 30 days; refunds can be later.',
    45,
    30,
    180,
  ),
  timeoutMs: integer(
    'Longest time one operation may take, with all its calls, in ms.',
    25_000,
    1_000,
    120_000,
  ),
})

export const PAYPAL_SETTINGS = {
  ...IN_DESK,
  feePercent,
  readBalances: flag(
    'Whether to ask PayPal for its balances; the app needs the permission for Transaction Search. They lag by up to three hours.',
    false,
  ),
  baseUrl: text(
    'Another address of the API, on this machine only, for tests.',
    '',
    /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/,
    'http:// and a loopback address',
  ),
} as const
