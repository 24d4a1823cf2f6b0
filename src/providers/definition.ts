import type { ProviderDefinition } from '../settings/providers'
import type { Settings } from '../settings/setting'

export type { ProviderDefinition }

/** Keeps the table's types for `create`. */
export const defineProvider = <Table extends Settings>(
  definition: ProviderDefinition<Table>,
): ProviderDefinition<Table> => definition
