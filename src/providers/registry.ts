import type { ProviderDefinition } from './definition'
import { modulrDefinition } from './modulr'
import { paypalDefinition } from './paypal'
import { restDefinition } from './rest'
import { sandboxDefinition } from './sandbox'

/** Every provider that settings can switch on. One line each. */
export const PROVIDERS: readonly ProviderDefinition[] = [
  sandboxDefinition,
  paypalDefinition,
  modulrDefinition,
  restDefinition,
]
