import { seeded } from '../helpers/test-clock'

/** Chance from a seed. What is drawn by number does not depend on what was drawn before. */
export class Chance {
  private readonly next: () => number

  constructor(readonly seed: number) {
    this.next = seeded(seed)
  }

  fraction = (): number => this.next()
  below = (n: number): number => Math.floor(this.next() * n)
  between = (from: number, to: number): number => from + Math.floor(this.next() * (to - from + 1))
  pick = <Item>(items: readonly Item[]): Item => items[this.below(items.length)] as Item
  isLucky = (probability: number): boolean => this.next() < probability

  /**
   * In [0, 1), the same for the same numbers whatever else was drawn: a fault that is taken out of a schedule
   * does not change how long the others last.
   */
  at(...numbers: readonly number[]): number {
    let mixed = this.seed ^ 0x9e3779b9
    for (const number of numbers) {
      mixed = Math.imul(mixed ^ (number + 0x7f4a7c15), 0x85ebca6b)
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    }
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}

/** Small and stable: names a text by a number (FNV-1a). */
export function hashOf(text: string, start = 0x811c9dc5): number {
  let hash = start
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
