import type { Bench } from './bench'
import { demand } from './demands'
import type { Rule } from './report'
import { type Arrangement, type Fault, FAULTS } from './subject'

/** Account, name and secrets stay inside: what a provider answers, throws and logs is read by many. */
export const REDACTION_RULES: readonly Rule[] = (['outcomes', 'errors', 'logs'] as const).map((where) => ({
  id: `redaction.${where}`,
  isForAll: true as const,
  title: `shows no account, name or secret in its ${where}`,
  async run(bench: Bench) {
    await provoke(bench)
    for (const [what, parts] of canaries(bench)) {
      const leaks = bench.evidence[where].some((text) => parts.some((part) => holds(text, part)))
      demand(!leaks, `${what}, or a part of it, stands in the provider’s ${where}`)
    }
  },
}))

/** Not tried here: they take long. */
const LONG: readonly Fault[] = ['hang', 'drip', 'huge']

const PROVOKED: readonly Arrangement[] = [
  'accept',
  'settle',
  'decline',
  ...(Object.keys(FAULTS) as Fault[]).filter((fault) => !LONG.includes(fault)),
]

async function provoke(bench: Bench): Promise<void> {
  for (const what of PROVOKED) {
    await bench.subject.api.reset()
    const asked = bench.item()
    const arranged = await bench.subject.api.arrange(what)
    if (arranged === false) continue
    const item = arranged === true ? asked : { ...asked, amount: arranged.amount }
    await bench.submit(bench.order(item))
    await bench.lookup(item)
    await bench.lookup(item, { reference: 'unknown-reference' })
  }
}

/** Shorter texts stand in every log by chance. */
const CANARY_LENGTH_MIN = 6
/** Of an account number, this many in a row say whose it is. A mask shows fewer. */
const ACCOUNT_PART_LENGTH = 8

/** What nobody may read, and the parts of it that give it away. */
function canaries({ subject }: Bench): (readonly [what: string, parts: readonly string[]])[] {
  const { destination } = subject.payout
  const payee =
    destination.method === 'BANK'
      ? [
          ['the account number', partsOf(destination.iban)] as const,
          ['the account holder’s name', (destination.accountHolder ?? '').split(/\s+/)] as const,
        ]
      : [['the PayPal account', partsOf(destination.paypalId.replace(/@.*/, ''))] as const]
  const secrets = subject.secrets.map((secret, index) => [`secret ${index + 1}`, [secret]] as const)
  return [...payee, ...secrets].map(([what, parts]) => [
    what,
    parts.filter((part) => part.length >= CANARY_LENGTH_MIN),
  ])
}

/** Every run of characters of this length; a shorter account is one part. */
const partsOf = (account: string): string[] =>
  account.length <= ACCOUNT_PART_LENGTH
    ? [account]
    : Array.from({ length: account.length - ACCOUNT_PART_LENGTH + 1 }, (_, from) =>
        account.slice(from, from + ACCOUNT_PART_LENGTH),
      )

/** Also in groups of four, also in another case. */
const holds = (text: string, canary: string): boolean =>
  plain(text).includes(plain(canary)) || text.includes(Buffer.from(canary).toString('base64'))

const plain = (text: string): string => text.replace(/\s/g, '').toUpperCase()
