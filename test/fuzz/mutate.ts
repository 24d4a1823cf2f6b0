/** Numbers that repeat for the same seed. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const LENGTH_MAX = 8_192
const ODD_BYTES = [
  0, 0x0a, 0x0d, 0x20, 0x22, 0x26, 0x27, 0x2d, 0x30, 0x3c, 0x3e, 0x5c, 0x7f, 0x80, 0xbf, 0xc0, 0xed, 0xff,
]

type Random = (below: number) => number
type Mutation = (
  input: Buffer,
  random: Random,
  others: readonly Uint8Array[],
  words: readonly string[],
) => Buffer

const pick = <Item>(items: readonly Item[], random: Random): Item => items[random(items.length)] as Item
const cut = (input: Buffer, random: Random): [number, number] => {
  const from = random(input.length + 1)
  return [from, Math.min(input.length, from + 1 + random(pick([4, 16, 256], random)))]
}
const spliced = (input: Buffer, from: number, to: number, put: Uint8Array): Buffer =>
  Buffer.concat([input.subarray(0, from), put, input.subarray(to)])

const MUTATIONS: readonly Mutation[] = [
  (input, random) => {
    const changed = Buffer.from(input)
    const at = random(changed.length)
    if (changed.length > 0) changed[at] = (changed[at] ?? 0) ^ (1 << random(8))
    return changed
  },
  (input, random) => {
    const at = random(input.length + 1)
    return spliced(input, at, Math.min(input.length, at + random(2)), Buffer.from([pick(ODD_BYTES, random)]))
  },
  (input, random) => spliced(input, ...cut(input, random), Buffer.alloc(0)),
  (input, random) => {
    const [from, to] = cut(input, random)
    const at = random(input.length + 1)
    return spliced(input, at, at, input.subarray(from, to))
  },
  (input, random, others) => {
    const other = Buffer.from(pick(others, random))
    const at = random(input.length + 1)
    return spliced(
      input,
      at,
      input.length - random(input.length - at + 1),
      other.subarray(...cut(other, random)),
    )
  },
  (input, random, _others, words) => {
    const at = random(input.length + 1)
    return spliced(input, at, Math.min(input.length, at + random(8)), Buffer.from(pick(words, random)))
  },
  // A word of the document in another word's place.
  (input, random, _others, words) => {
    const text = input.toString('latin1')
    const found = [...text.matchAll(/[A-Za-z0-9_.-]{2,}/g)]
    if (found.length === 0) return input
    const { index, 0: word } = pick(found, random)
    return spliced(input, index, index + word.length, Buffer.from(pick(words, random)))
  },
]

export function mutate(
  input: Uint8Array,
  random: Random,
  others: readonly Uint8Array[],
  words: readonly string[],
): Buffer {
  let made: Buffer = Buffer.from(input)
  for (let left = 1 + random(6); left > 0; left--) made = pick(MUTATIONS, random)(made, random, others, words)
  return made.subarray(0, LENGTH_MAX)
}
