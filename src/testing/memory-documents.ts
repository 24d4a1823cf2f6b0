import type { ProviderDocuments } from '../ports/payment-provider'

/** A provider's documents in memory. Each call takes a turn of the event loop, as with a real database. */
export function memoryDocuments(): ProviderDocuments {
  const documents = new Map<string, { value: unknown; version: number }>()
  const later = () => new Promise(setImmediate)
  const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
  return {
    async read(id) {
      await later()
      return documents.get(id) ?? null
    },
    async create(id, value) {
      await later()
      if (documents.has(id)) return false
      documents.set(id, { value: stored(value), version: 1 })
      return true
    },
    async replace(id, value, version) {
      await later()
      if (documents.get(id)?.version !== version) return false
      documents.set(id, { value: stored(value), version: version + 1 })
      return true
    },
    async list(prefix) {
      await later()
      return [...documents]
        .filter(([id]) => id.startsWith(prefix))
        .map(([id, document]) => ({ id, ...document }))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
    },
  }
}
