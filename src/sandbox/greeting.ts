import type { SandboxTokens } from './tokens'

export interface Greeting {
  readonly address: string
  readonly basePath: string
  readonly tokens: SandboxTokens
  /** What has to be read first. */
  readonly warnings: readonly string[]
}

/** The last thing that a start prints: all that one needs to try it, together, with the line to paste at the end. */
export function greeting({ address, basePath, tokens, warnings }: Greeting): string {
  const user = tokens.sign(1, ['user'])
  const operator = tokens.sign(2, ['user', 'admin'])
  const body = JSON.stringify({
    currency: 'eur',
    amount: 10,
    bank_account: { iban: 'DE89370400440532013000', account_holder: 'Ada Lovelace' },
  })
  const url = `${address}${basePath}`
  const said = warnings.map((warning) => `!! ${warning}\n`).join('')
  return `
${said}${said && '\n'}Bank withdrawals are served at ${url}
The page for users:            ${address}/
The operator's desk:           ${url}/admin/?sandbox

  User 1's token:    ${user}
  Operator's token:  ${operator}

Withdraw 10 EUR as user 1:

curl -s ${url} -H 'Authorization: Bearer ${user}' -H 'Content-Type: application/json' -d '${body}'

`
}
