/** Shorter names are a letter away from too many that mean something else (MODE and NODE, HOST and COST). */
const LENGTH_MIN = 6
const LETTERS_MAX = 2

/**
 * Variables that nobody reads and that look like one somebody reads: another case, other underscores, or a letter or
 * two. A limit that is misspelt is no limit, and nothing else would say so.
 *
 * @param given The names in the environment.
 * @param known The names of the settings.
 */
export function misspelt(
  given: readonly string[],
  known: readonly string[],
): readonly { readonly given: string; readonly meant: string }[] {
  const names = new Set(known)
  return given.flatMap((name) => {
    if (names.has(name)) return []
    const meant = known.find((setting) => isLike(name, setting))
    return meant === undefined ? [] : [{ given: name, meant }]
  })
}

function isLike(given: string, setting: string): boolean {
  if (bare(given) === bare(setting)) return true
  if (Math.min(given.length, setting.length) < LENGTH_MIN) return false
  if (Math.abs(given.length - setting.length) > LETTERS_MAX) return false
  return lettersBetween(given, setting) <= LETTERS_MAX
}

const bare = (name: string): string => name.replaceAll('_', '').toUpperCase()

/** Letters to change, add or leave out to get from one name to the other (Levenshtein). */
function lettersBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1]
    for (const [at, wanted] of [...other].entries())
      next.push(
        Math.min(
          Number(next[at]) + 1,
          Number(row[at + 1]) + 1,
          Number(row[at]) + (letter === wanted ? 0 : 1),
        ),
      )
    row = next
  }
  return Number(row.at(-1))
}
