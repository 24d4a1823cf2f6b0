import { ConfigError } from '../../src/errors'
import { defineProvider } from '../../src/providers/definition'
import { sandboxProvider } from '../../src/providers/sandbox'
import { inDesk, integer, text } from '../../src/settings/setting'

/** What was done with the banks made from settings, the latest last. */
export interface AcmeSeen {
  readonly events: string[]
}

/**
 * A bank that operators switch on: it pays pounds and euros as the sandbox does, and says that it is fine exactly when
 * its secret is right. It names what it sees, never the secret.
 */
export function acmeBank(seen: AcmeSeen = { events: [] }) {
  return defineProvider({
    name: 'acme',
    title: 'Acme Bank',
    settings: inDesk({
      account: {
        ...text('Account that pays.', '', /^[A-Z0-9]{1,20}$/, 'an account number'),
        namesPayer: true as const,
      },
      secret: {
        ...text('Secret of the API.', '', /^[\x21-\x7e]{8,200}$/, 'the secret of the API'),
        secret: true as const,
      },
      timeoutMs: integer('Deadline of one call, in ms.', 3_000, 100, 60_000),
    }),
    pays: () => 'real_money',
    create({ account, secret, timeoutMs }, nameOf = (name) => name) {
      const missing = Object.entries({ account, secret }).flatMap(([name, value]) =>
        value === '' ? [`${nameOf(name)} is required`] : [],
      )
      if (missing.length > 0) throw new ConfigError(missing)
      const bank = sandboxProvider({ name: 'acme', timeoutMs })
      return {
        ...bank,
        open(host) {
          seen.events.push(`open ${account}`)
          return bank.open?.(host) ?? Promise.resolve()
        },
        close() {
          seen.events.push(`close ${account}`)
          return Promise.resolve()
        },
        health: () =>
          Promise.resolve(
            secret === 'right-secret'
              ? { ok: true }
              : { ok: false, message: 'Acme does not know this secret.' },
          ),
      }
    },
  })
}
