import type { GivenSettings, SettingsStore } from '../../db/settings-versions'
import { type DeskSetting, isSet } from '../../settings/desk'
import type { SettingProblem } from './draft'

/** Of each provider, the settings by which others would pay, or at another place. What was not set before paid nobody. */
export function payersChanged(
  before: GivenSettings,
  given: GivenSettings,
  table: readonly DeskSetting[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const known of table) {
    const payer = payerIn(before, known)
    if (known.provider === null || payer === null || payer === payerIn(given, known)) continue
    found.set(known.provider, [...(found.get(known.provider) ?? []), known.name])
  }
  return found
}

function payerIn(values: GivenSettings, { name, setting }: DeskSetting): string | null {
  const value = values[name] ?? setting.fallback
  if (typeof setting.namesPayer === 'function') return setting.namesPayer(value)
  if (setting.leadsTo) return setting.leadsTo(value)
  if (setting.namesPayer !== true || !isSet(value)) return null
  const read = setting.read(value)
  return 'value' in read ? String(read.value) : null
}

export interface PayerDeps {
  readonly store: Pick<SettingsStore, 'countMaybeWith'>
  readonly view: { readonly table: readonly DeskSetting[] }
}

/**
 * Where what was sent would be looked for at another account, which proves that it never had it: it would be sent once
 * more. A request that enters between this question and the save keeps the account that it leaves through, where its
 * provider names that, and waits for a person: whoever pauses the provider first waits for it instead.
 */
export async function stillWith(
  { store, view }: PayerDeps,
  before: GivenSettings,
  given: GivenSettings,
): Promise<readonly SettingProblem[]> {
  const problems: SettingProblem[] = []
  for (const [provider, names] of payersChanged(before, given, view.table)) {
    const count = await store.countMaybeWith(provider)
    if (count === 0) continue
    const [many, they] = count === 1 ? ['1 withdrawal', 'it'] : [`${count} withdrawals`, 'they']
    const message =
      `${names.join(', ')} cannot be another while ${many} may be with ${provider}: ${they} would not be found through it, and could be paid ` +
      `a second time. Pause ${provider}, wait for an end or answer what is asked, then save; or pay through another provider.`
    problems.push(...names.map((name) => ({ name, message })))
  }
  return problems
}
