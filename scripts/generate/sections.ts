import { SCENARIOS } from '../../src/providers/sandbox/magic'

/** Parts of pages that people write, between `<!-- name:begin -->` and `<!-- name:end -->`. */
export function withSection(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`There is no section ${name}.`)
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`
}

export const scenarioTable = (): string =>
  [
    '| ends in | what happens |',
    '|---|---|',
    ...Object.entries(SCENARIOS).map(([ending, what]) => `| .${ending.padStart(2, '0')} | ${what} |`),
  ].join('\n')
