/** One reader of what others have written, and what must hold whatever they have written. */
export interface Target {
  readonly name: string
  /** Good documents, from which bad ones are made. */
  readonly seeds: readonly Uint8Array[]
  /** Words that the reader looks for: chance alone would take too long to write them. */
  readonly words: readonly string[]
  /** @throws What must hold does not. */
  run(input: Uint8Array): Promise<void>
}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`It does not hold: ${what}.`)
}

/** Nothing that was read may reach beyond itself. */
export function mustBeClean(): void {
  must(Object.keys(Object.prototype).length === 0, 'no object has got a member from a document')
}
