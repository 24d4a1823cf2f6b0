import type { PaymentProvider } from '../ports/payment-provider'
import type { Settings, Values } from '../settings'

/**
 * What the registry knows of a provider: which settings it takes, and how to make it from them. The settings' names
 * are short here (`clientId`); outside they carry the provider's name in front (`PAYPAL_CLIENT_ID` in the environment,
 * `paypal_client_id` in a kit's plugin settings).
 */
export interface ProviderDefinition<Table extends Settings = Settings> {
  readonly name: string
  /** For people, on pages and in documentation. */
  readonly title: string
  readonly settings: Table
  /** @throws {ConfigError} Settings that are fine alone and cannot work together. */
  create(values: Values<Table>): PaymentProvider
}

/** Keeps the table's types for `create`. */
export const defineProvider = <Table extends Settings>(
  definition: ProviderDefinition<Table>,
): ProviderDefinition<Table> => definition
