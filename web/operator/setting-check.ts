import type { SettingView } from './settings-types'

/**
 * What is wrong with what was typed, as far as a page can tell without asking; null where nothing is, or where only the
 * server knows.
 */
export function complaintOf({ shape }: Pick<SettingView, 'shape'>, typed: string): string | null {
  const text = typed.trim()
  if (text === '' || shape === undefined) return null
  switch (shape.kind) {
    case 'integer':
      return isWithin(text, shape) ? null : `A whole number from ${shape.min} to ${shape.max}.`
    case 'choice':
      return shape.choices.includes(text) ? null : `One of ${shape.choices.join(', ')}.`
    case 'list':
      return isOf(text, shape.items) ? null : `A list of ${shape.items.join(', ')}.`
    case 'text':
      return new RegExp(shape.pattern).test(text) ? null : `It must be ${shape.must_be}.`
    case 'cron':
      return /^\S+( \S+){4,5}$/.test(text) ? null : 'A cron expression such as */5 * * * *.'
    case 'flag':
      return ['true', 'false', '1', '0'].includes(text) ? null : 'Yes or no.'
  }
}

/** An empty field of a secret looks as if nobody had touched it. */
export const isTakenAway = ({ secret, set }: Pick<SettingView, 'secret' | 'set'>, typed: string): boolean =>
  secret === true && set && typed.trim() === ''

const isWithin = (text: string, { min, max }: { min: number; max: number }): boolean =>
  /^-?\d+$/.test(text) && Number(text) >= min && Number(text) <= max

const isOf = (text: string, items: readonly string[]): boolean =>
  text.split(',').every((item) => ['', ...items].includes(item.trim()))

/** `paypal_clientId` of PayPal is read as "client id". */
export function titleOf(name: string, provider: string | undefined): string {
  const own = provider === undefined ? name : name.slice(provider.length + 1)
  const words = own.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** As its field is called: the unit that ends the name stands behind it as people write it. */
export const labelOf = (title: string, unit: string | undefined): string =>
  unit === undefined ? title : `${title.replace(/ (ms|seconds|hours|days|mb|per minute)$/, '')} (${unit})`
