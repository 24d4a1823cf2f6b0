/** Reads when it is first asked for, and again after a failure. */
export function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | null = null
  return () =>
    (value ??= read().catch((error: unknown) => {
      value = null
      throw error
    }))
}
