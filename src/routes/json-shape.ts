/**
 * One piece of JSON at a time: a string, a bracket or a comma; what lies between is the parser's business. A string that
 * nobody closes goes to the end of the text: given up, each escaped quote in it would begin another one that is read to
 * the end, and 64 kB of them would hold the whole process for seconds.
 */
const PIECE = /"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}[\],]/gs

export const piecesOf = (text: string): Iterable<RegExpExecArray> => text.matchAll(PIECE)

/**
 * What a parser says nothing about: a key that is there twice, of which it takes the last one and a proxy perhaps the
 * first. Text that is not JSON is left to the parser.
 *
 * @returns What a person can be told about it; null where it is fine.
 */
export function jsonProblem(text: string): string | null {
  const open: (Set<string> | null)[] = []
  // In an object the first string after "{" or "," is a key.
  let isKeyNext = false
  for (const [piece] of piecesOf(text)) {
    if (piece === '{' || piece === '[') {
      open.push(piece === '{' ? new Set() : null)
      isKeyNext = piece === '{'
    } else if (piece === '}' || piece === ']') {
      open.pop()
      isKeyNext = false
    } else if (piece === ',') {
      isKeyNext = open.at(-1) instanceof Set
    } else if (isKeyNext) {
      const keys = open.at(-1)
      const key = keyOf(piece)
      if (keys?.has(key)) return 'The request body has a key twice.'
      keys?.add(key)
      isKeyNext = false
    }
  }
  return null
}

/** As the parser reads it: an escaped key is the same key. */
function keyOf(piece: string): string {
  try {
    return JSON.parse(piece) as string
  } catch {
    return piece
  }
}
