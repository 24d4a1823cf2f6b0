import fs from 'node:fs'
import path from 'node:path'

const ROOT = path.join(__dirname, '../..')
const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8')

const inFolder = (folder: string): string[] =>
  fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/')))

const PAGES = [
  ...fs.readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...[...inFolder('docs'), ...inFolder('.github')].filter((file) => file.endsWith('.md')),
]

/** As GitHub makes the address of a heading: code marks and punctuation go, spaces become hyphens. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')

const anchorsOf = (file: string): Set<string> => {
  const seen = new Map<string, number>()
  return new Set(
    [...read(file).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) => {
      const anchor = anchorOf(String(heading))
      const count = seen.get(anchor) ?? 0
      seen.set(anchor, count + 1)
      return count === 0 ? anchor : `${anchor}-${count}`
    }),
  )
}

/** Relative links, by where they lead; what is inside code is no link. */
const linksOf = (file: string): string[] =>
  [
    ...read(file)
      .replace(/^```[^]*?^```/gm, '')
      .replace(/`[^`]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, target]) => String(target))
    .filter((target) => !/^[a-z]+:/.test(target))

function isBroken(file: string, link: string): boolean {
  const [target = '', anchor] = link.split('#')
  const place = target === '' ? file : path.posix.join(path.posix.dirname(file), target)
  if (!fs.existsSync(path.join(ROOT, place))) return true
  return anchor !== undefined && place.endsWith('.md') && !anchorsOf(place).has(anchor)
}

describe('The pages', () => {
  it.each(PAGES)('%s has no link that leads nowhere', (file) => {
    expect(linksOf(file).filter((link) => isBroken(file, link))).toEqual([])
  })

  it('are all reached from the reading orders, or from a page that is', () => {
    const reached = new Set(['README.md'])
    for (const file of reached)
      for (const link of linksOf(file)) {
        const place = path.posix.join(path.posix.dirname(file), link.split('#')[0] ?? '')
        if (place.endsWith('.md') && PAGES.includes(place)) reached.add(place)
      }
    const unread = PAGES.filter((file) => !reached.has(file) && !file.startsWith('.github/'))
    expect(unread).toEqual([])
  })

  it('begin with a README of a screen and a half', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(150)
  })
})

describe('docs/architecture.md', () => {
  const page = read('docs/architecture.md')

  it('names no file that is not there', () => {
    const named = [...page.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.ts)`/g)].map(([, file]) => String(file))
    const isThere = (file: string) =>
      [file, `src/${file}`].some((place) => fs.existsSync(path.join(ROOT, place)))
    expect(named.length).toBeGreaterThan(30)
    expect(named.filter((file) => !isThere(file))).toEqual([])
  })

  it('shows where things are: every room of src/, and no room that is gone', () => {
    const shown = [...page.matchAll(/^(src\/\S*)\s{2,}\S/gm)].map(([, place]) =>
      String(place).replace(/\/$/, ''),
    )
    const rooms = inFolder('src')
      .filter((place) => fs.statSync(path.join(ROOT, place)).isDirectory())
      .map((place) => place.replace(/^(src\/providers\/)(?!shared).*/, '$1<name>'))
      // What is inside these is theirs alone.
      .filter((place) => !/^src\/testing\//.test(place))
    const files = fs.readdirSync(path.join(ROOT, 'src')).filter((file) => file.endsWith('.ts'))
    const wanted = [...new Set([...rooms, ...files.map((file) => `src/${file}`)])]
    expect(shown.sort()).toEqual(wanted.sort())
  })
})
