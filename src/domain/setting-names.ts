/** How a problem names a setting: as the person wrote it who has to change it. */
export type NameOf = (setting: string, provider?: string) => string

export const nameInCode: NameOf = (setting, provider) =>
  provider === undefined ? setting : `the ${setting} of provider ${provider}`
export const nameInKit: NameOf = (setting, provider) => snakeName(ofProvider(setting, provider))
export const nameInEnvironment: NameOf = (setting, provider) => environmentName(ofProvider(setting, provider))

/** A provider's settings carry its name in front: `paypal_clientId`, written as each place writes its names. */
export const ofProvider = (setting: string, provider?: string): string =>
  provider === undefined ? setting : `${provider}_${setting}`

/** `waitMs` is wait_ms in a kit's plugin settings. */
export const snakeName = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** `waitMs` is WAIT_MS in the environment. */
export const environmentName = (name: string): string => snakeName(name).toUpperCase()
