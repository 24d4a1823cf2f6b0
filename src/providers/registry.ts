import type { ProviderDefinition } from './definition'
import { sandboxDefinition } from './sandbox'

/** Every provider that settings can switch on. One line each. */
export const PROVIDERS: readonly ProviderDefinition[] = [sandboxDefinition]
