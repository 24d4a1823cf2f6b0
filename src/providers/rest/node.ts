/** Reads one level of a JSON document and collects what is wrong with it, each by its place. */
export interface Node {
  readonly path: string
  text(name: string, rule: { pattern: RegExp; shape: string; fallback?: string }): string
  optionalText(name: string, rule: { pattern: RegExp; shape: string }): string | null
  integer(name: string, rule: { min: number; max: number; fallback?: number }): number
  flag(name: string, fallback: boolean): boolean
  choice<Choice extends string>(name: string, choices: readonly Choice[], fallback?: Choice): Choice
  choices<Choice extends string>(
    name: string,
    choices: readonly Choice[],
    fallback: readonly Choice[],
  ): readonly Choice[]
  /** Anything; absent is undefined. */
  raw(name: string): unknown
  /** An object below; an empty one, and a problem, when it is none. */
  child(name: string): Node
  optionalChild(name: string): Node | null
  children(name: string): readonly Node[]
  /** The members of an object whose names are free. */
  entries(name: string): readonly (readonly [string, unknown])[]
  problem(text: string): void
  /** Reports members that nobody has read: a misspelt one would silently not count. */
  end(): void
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function readNode(value: unknown, path: string, problems: string[]): Node {
  const members = isObject(value) ? value : {}
  if (!isObject(value)) problems.push(`${path || 'the configuration'} must be an object`)
  const asked = new Set<string>()
  const place = (name: string) => (path === '' ? name : `${path}.${name}`)
  const complain = (name: string, mustBe: string) => problems.push(`${place(name)} must be ${mustBe}`)
  const read = (name: string): unknown => {
    asked.add(name)
    return Object.hasOwn(members, name) ? members[name] : undefined
  }

  const node: Node = {
    path,
    raw: read,
    text(name, { pattern, shape, fallback }) {
      const given = read(name)
      if (given === undefined && fallback !== undefined) return fallback
      if (typeof given === 'string' && pattern.test(given)) return given
      complain(name, shape)
      return fallback ?? ''
    },
    optionalText: (name, rule) => (read(name) === undefined ? null : node.text(name, rule)),
    integer(name, { min, max, fallback }) {
      const given = read(name)
      if (given === undefined && fallback !== undefined) return fallback
      if (typeof given === 'number' && Number.isInteger(given) && given >= min && given <= max) return given
      complain(name, `a whole number from ${min} to ${max}`)
      return fallback ?? min
    },
    flag(name, fallback) {
      const given = read(name)
      if (given === undefined || typeof given === 'boolean') return given ?? fallback
      complain(name, 'true or false')
      return fallback
    },
    choice(name, choices, fallback) {
      const given = read(name)
      const chosen = choices.find((choice) => choice === (given === undefined ? fallback : given))
      if (chosen === undefined) complain(name, `one of ${choices.join(', ')}`)
      // Only to go on and find further problems: with this one nothing is made of it.
      return chosen ?? (choices[0] as (typeof choices)[number])
    },
    choices(name, choices, fallback) {
      const given = read(name)
      if (given === undefined) return fallback
      const list = Array.isArray(given) ? given : []
      const chosen = choices.filter((choice) => list.includes(choice))
      if (list.length === 0 || chosen.length !== list.length)
        complain(name, `a list of ${choices.join(', ')}, each once`)
      return chosen
    },
    child: (name) => readNode(read(name), place(name), problems),
    optionalChild: (name) => (read(name) === undefined ? null : node.child(name)),
    children(name) {
      const given = read(name)
      if (given === undefined) return []
      if (!Array.isArray(given)) complain(name, 'a list')
      return (Array.isArray(given) ? given : []).map((each, index) =>
        readNode(each, `${place(name)}[${index}]`, problems),
      )
    },
    entries(name) {
      const given = read(name)
      if (given === undefined) return []
      if (!isObject(given)) complain(name, 'an object')
      return Object.entries(isObject(given) ? given : {})
    },
    problem: (text) => problems.push(path === '' ? text : `${path}: ${text}`),
    end() {
      for (const name of Object.keys(members))
        if (!asked.has(name)) problems.push(`${place(name.slice(0, 60))} is not known`)
    },
  }
  return node
}
