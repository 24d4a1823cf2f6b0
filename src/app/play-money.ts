import type { GivenSettings } from '../db/settings-versions'
import { layered } from '../settings/desk'
import type { CompositionSources, Parts } from './composition'

/**
 * Providers that pay nobody, of an earlier version of the settings, where the latest do not say the same of them. What was
 * there to try things out would settle the burns of users whom the latest pay for real.
 *
 * @param latest Of the latest version, which cannot work: what it says can still be read, but for its secrets.
 */
export function playedBefore(
  { pays }: Pick<Parts, 'pays'>,
  earlier: GivenSettings,
  latest: GivenSettings,
  { fixed, defaults }: Pick<CompositionSources, 'fixed' | 'defaults'>,
): readonly string[] {
  const saidOf = (given: GivenSettings, provider: string): string => {
    const all = layered({ fixed, stored: given, defaults: defaults([]) })
    const own = Object.entries(all).filter(
      // A sealed one has another name in each version that sets it.
      ([name, value]) => name.startsWith(`${provider}_`) && typeof value !== 'object',
    )
    return JSON.stringify([all.providers, own.sort(([a], [b]) => (a < b ? -1 : 1))])
  }
  return Object.keys(pays).filter(
    (name) => pays[name] === 'play_money' && saidOf(earlier, name) !== saidOf(latest, name),
  )
}
