import type { GivenSettings, SealedSecret, SettingsStore } from '../../db/settings-versions'
import type { EncryptionKey } from '../../domain/encryption-key'
import type { Randomness } from '../../ports/clock'
import { createSealedBox, keyIdOf, SealError } from '../sealed-box'

/** Secrets among the settings: sealed one by one, opened where they are used, and shown nowhere. */
export interface SettingSecrets {
  /** False without a key: then nobody can set a secret in the desk. */
  readonly canSeal: boolean
  /** Kept, whether or not a version ever names it. @returns Its id. */
  keep(setting: string, text: string): Promise<string>
  /**
   * What a version says, with its secrets in clear.
   *
   * @returns Also the settings whose secret cannot be opened: its key is missing, or somebody has changed it.
   */
  open(given: GivenSettings): Promise<{ values: Readonly<Record<string, unknown>>; lost: readonly string[] }>
}

const bindingOf = ({ setting, id }: { setting: string; id: string }): string =>
  JSON.stringify(['setting', setting, id])

export function createSettingSecrets({
  store,
  keys,
  random,
}: {
  readonly store: Pick<SettingsStore, 'keepSecrets' | 'findSecrets'>
  readonly keys: readonly EncryptionKey[]
  readonly random: Pick<Randomness, 'bytes' | 'newId'>
}): SettingSecrets {
  const box = createSealedBox(keys, random)

  function opened(setting: string, sealed: string | undefined, id: string): string | null {
    try {
      return sealed === undefined ? null : box.open(sealed, bindingOf({ setting, id }))
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      return null
    }
  }

  return {
    canSeal: keys.length > 0,
    async keep(setting, text) {
      const id = random.newId()
      await store.keepSecrets([{ id, setting, sealed: box.seal(text, bindingOf({ setting, id })) }])
      return id
    },
    async open(given) {
      const ids = Object.values(given).flatMap((value) => (typeof value === 'object' ? [value.secret] : []))
      const found = new Map(
        (ids.length === 0 ? [] : await store.findSecrets(ids)).map(({ id, sealed }) => [id, sealed]),
      )
      const lost: string[] = []
      const values = Object.entries(given).flatMap(([name, value]) => {
        if (typeof value !== 'object') return [[name, value] as const]
        const text = opened(name, found.get(value.secret), value.secret)
        if (text !== null) return [[name, text] as const]
        lost.push(name)
        return []
      })
      return { values: Object.fromEntries(values), lost }
    },
  }
}

/** The same secret under the newest key; null where it is that already. @throws {SealError} */
export const createSecretReseal =
  (keys: readonly EncryptionKey[], random: Pick<Randomness, 'bytes'>) =>
  (secret: SealedSecret): string | null => {
    if (keys.length === 0 || keyIdOf(secret.sealed) === keys[0]?.id) return null
    const box = createSealedBox(keys, random)
    return box.seal(box.open(secret.sealed, bindingOf(secret)), bindingOf(secret))
  }
