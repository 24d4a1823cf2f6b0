import fs from 'node:fs'
import path from 'node:path'

import type { Goal } from '../goals'
import { PART_NAMES, type PartName, type Plan, type Results, tablesOf } from '../parts'
import { barChart } from './bar-chart'
import { chartsOf } from './charts'

/** A run, as it is kept. */
export interface Kept {
  readonly surroundings: {
    readonly at: string
    readonly commit: string
    readonly node: string
    readonly cpu: string
    readonly memoryGb: number
    readonly loadAverage: readonly number[]
  }
  readonly loadAverageAtEnd: readonly number[]
  readonly plan: Plan
  readonly results: Results
  readonly goals: readonly Goal[]
}

const DOCS = path.join(__dirname, '../../docs')
const EVIDENCE = path.join(DOCS, 'evidence')
const KEPT = /^bench-\d{4}-\d{2}-\d{2}\.json$/

export function keep(
  run: Kept,
  file = path.join(EVIDENCE, `bench-${run.surroundings.at.slice(0, 10)}.json`),
): void {
  // A path of this machine is nobody's business.
  const { profiles: _profiles, ...requests } = run.plan.requests
  fs.writeFileSync(file, `${JSON.stringify({ ...run, plan: { ...run.plan, requests } }, null, 1)}\n`)
}

/** The latest that is in docs/evidence. @throws There is none. */
export function lastKept(): Kept {
  const [file] = fs
    .readdirSync(EVIDENCE)
    .filter((name) => KEPT.test(name))
    .sort()
    .reverse()
  if (file === undefined) throw new Error('No run has been kept: npm run bench -- --evidence')
  return JSON.parse(fs.readFileSync(path.join(EVIDENCE, file), 'utf8')) as Kept
}

const BEGIN = '<!-- Drawn by `npm run bench -- --evidence`: -->'
const END = '<!-- As far as here. -->'

/** Its charts as pictures, and its tables in the page that says what they mean. */
export function drawEvidence(run: Kept, docs = DOCS): void {
  const charts = chartsOf(run.results, run.plan)
  for (const { name, ...chart } of charts)
    fs.writeFileSync(path.join(docs, 'images', `${name}.svg`), barChart(chart))
  const page = path.join(docs, 'performance.md')
  fs.writeFileSync(page, withSection(fs.readFileSync(page, 'utf8'), sectionOf(run)))
}

/** @throws The page has no place for it. */
export function withSection(page: string, section: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (from < 0 || to < from) throw new Error('docs/performance.md has no place for a run.')
  return `${page.slice(0, from + BEGIN.length)}\n\n${section}\n${page.slice(to)}`
}

const TITLES: Readonly<Record<PartName, string>> = {
  requests: 'One request',
  batches: 'Batches',
  peers: 'Beside other queues',
  recovery: 'After a kill',
  instances: 'Several instances',
  lists: 'Lists',
  embedded: 'The embedded database',
  churn: 'An hour of churn',
}

/** The run in Markdown: where it was made, what was asked for and seen, and each part with its charts. */
export function sectionOf(run: Kept): string {
  const { surroundings: at, loadAverageAtEnd, plan, results, goals } = run
  const charts = chartsOf(results, plan)
  const lines = [
    `One run of ${at.at.slice(0, 10)}, commit ${at.commit}, Node ${at.node}, ${at.cpu}, ${at.memoryGb} GB; load average ` +
      `${at.loadAverage.join(', ')} before and ${loadAverageAtEnd.join(', ')} after it. All of it: ` +
      `[bench-${at.at.slice(0, 10)}.json](evidence/bench-${at.at.slice(0, 10)}.json).`,
    '',
    '| asked for | goal | seen | |',
    '|---|---|---|---|',
    ...goals.map(
      ({ what, goal, seen, isMet }) => `| ${what} | ${goal} | ${seen} | ${isMet ? 'met' : 'short'} |`,
    ),
    '',
    ...PART_NAMES.flatMap((name) => {
      const tables = tablesOf(results, plan, name)
      if (tables.length === 0) return []
      const own = charts.filter((chart) => PART_OF_CHART[chart.name] === name)
      return [
        `### ${TITLES[name]}`,
        '',
        ...own.flatMap((chart) => [`![${chart.title}](images/${chart.name}.svg)`, '']),
        ...tables.flatMap((table) => [...table, '']),
      ]
    }),
  ]
  return lines.join('\n')
}

const PART_OF_CHART: Readonly<Record<string, PartName>> = {
  'bench-requests': 'requests',
  'bench-request-cpu': 'requests',
  'bench-batches': 'batches',
  'bench-peers': 'peers',
  'bench-instances': 'instances',
  'bench-lists': 'lists',
}
