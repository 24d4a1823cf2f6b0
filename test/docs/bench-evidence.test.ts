import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { SaxesParser } from 'saxes'

import { stretchesOf } from '../../bench/churn/report'
import type { Minute } from '../../bench/churn/watch'
import { barChart } from '../../bench/evidence/bar-chart'
import { drawEvidence, keep, type Kept, lastKept, sectionOf, withSection } from '../../bench/evidence/page'
import { TINY } from '../../bench/plans'

const ROUND = {
  ...{ connections: 5, round: 0, p50Ms: 1, p99Ms: 2, meanMs: 1, acknowledged: 10, failed: 0, cutOff: 5 },
  ...{ rssMb: 90, rows: 10, complaints: [] },
}
const RUN: Kept = {
  surroundings: {
    ...{ at: '2026-01-05T09:00:00.000Z', commit: 'abc1234', node: 'v20', cpu: 'CPU x 2', memoryGb: 8 },
    loadAverage: [0.1, 0.2, 0.3],
  },
  loadAverageAtEnd: [1, 2, 3],
  plan: { ...TINY, requests: { ...TINY.requests, profiles: '/somewhere' } },
  results: {
    requests: {
      rounds: [
        { ...ROUND, arm: 'insert', perSecond: 2_000, cpuUs: 400, postgresUs: 100 },
        { ...ROUND, arm: 'accepting', perSecond: 1_000, cpuUs: 700, postgresUs: 300 },
        { ...ROUND, arm: 'accepting', round: 1, perSecond: 1_400, cpuUs: 700, postgresUs: 300 },
      ],
      ...{ idleMs: {}, verified: {} },
    },
    peers: {
      jobs: 200,
      rounds: (['ours', 'graphile', 'boss'] as const).map((peer, at) => ({
        ...{ peer, round: 0, usEach: 100 * (at + 1), complaints: [] },
      })),
    },
  },
  goals: [{ what: 'accepting', goal: '>= 1', seen: '0.60', isMet: false }],
}

/** Goal: what a page says was measured is what a run has measured. Method: a run that was made up, and the kept one. */
describe('a run of the bench that is kept', () => {
  it('is in the page with where it was made, its goals, and each part that was measured', () => {
    const section = sectionOf(RUN)

    expect(section).toContain(
      'commit abc1234, Node v20, CPU x 2, 8 GB; load average 0.1, 0.2, 0.3 before and 1, 2, 3',
    )
    expect(section).toContain('| accepting | >= 1 | 0.60 | short |')
    expect(section).toContain('![Requests answered, 5 connections](images/bench-requests.svg)')
    expect(section).toContain('| graphile-worker 0.17, jobs that do nothing, in batches of 1,000 | 200')
    expect(section).not.toContain('### Lists')
  })

  it('is drawn as pictures that can be parsed, read aloud, and seen in the dark', () => {
    const docs = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-bench-docs-'))
    fs.mkdirSync(path.join(docs, 'images'))
    fs.copyFileSync('docs/performance.md', path.join(docs, 'performance.md'))
    drawEvidence(RUN, docs)

    const drawn = fs.readdirSync(path.join(docs, 'images')).sort()
    expect(drawn).toEqual(['bench-peers.svg', 'bench-request-cpu.svg', 'bench-requests.svg'])
    for (const name of drawn) {
      const svg = fs.readFileSync(path.join(docs, 'images', name), 'utf8')
      expect(() => new SaxesParser().write(svg).close()).not.toThrow()
      expect(svg).toContain('prefers-color-scheme: dark')
      expect(svg).toMatch(/role="img" aria-label="[^"]+ours/)
    }
    expect(fs.readFileSync(path.join(docs, 'performance.md'), 'utf8')).toContain('### Beside other queues')
    fs.rmSync(docs, { recursive: true })
  })

  it('has bars as long as what they stand for, with the range of the rounds', () => {
    const bars = [
      { label: 'a <b> & "c"', value: 50, min: 25, max: 100 },
      { label: 'half', value: 25 },
      { label: 'not measured', value: NaN },
    ]
    const svg = barChart({ title: 't', unit: 'ms', bars })
    const widths = [...svg.matchAll(/rect class="(?:bar|other)"[^>]* width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    )

    expect(widths).toHaveLength(2)
    expect(Number(widths[0]) / Number(widths[1])).toBeCloseTo(2, 2)
    expect(svg).toContain('50 (25 to 100) ms')
    expect(svg).toContain('a &lt;b&gt; &amp; &quot;c&quot;')
  })

  it('says nothing of the machine’s own paths', () => {
    const file = path.join(os.tmpdir(), `bw-bench-${process.pid}.json`)
    keep(RUN, file)
    expect(fs.readFileSync(file, 'utf8')).not.toContain('/somewhere')
    fs.rmSync(file)
  })

  it('is the one that the page shows', () => {
    const isKept = fs.readdirSync('docs/evidence').some((name) => /^bench-.*\.json$/.test(name))
    const page = fs.readFileSync('docs/performance.md', 'utf8')
    // Before the first one the page says that there is none.
    const section = isKept ? sectionOf(lastKept()) : 'None is kept yet.\n'
    expect(page).toBe(withSection(page, section))
  })

  it('is not drawn into a page that has no place for it', () => {
    expect(() => withSection('# What it costs\n', 'x')).toThrow('has no place')
  })
})

describe('a run of churn', () => {
  const minutesOf = (count: number) =>
    Array.from({ length: count + 1 }, (_, atMinutes) => ({ atMinutes }) as Minute)
  const bounds = (count: number) =>
    stretchesOf(minutesOf(count)).map(({ from, to, within }) => [from.atMinutes, to.atMinutes, within.length])

  it.each([
    [
      'ten minutes of an hour',
      60,
      [
        [0, 10, 10],
        [25, 35, 10],
        [50, 60, 10],
      ],
    ],
    [
      'a third of what is shorter',
      9,
      [
        [0, 3, 3],
        [3, 6, 3],
        [6, 9, 3],
      ],
    ],
    [
      'all of a single minute',
      1,
      [
        [0, 1, 1],
        [0, 1, 1],
        [0, 1, 1],
      ],
    ],
  ])('shows its beginning, its middle and its end: %s', (_what, count, expected) => {
    expect(bounds(count)).toEqual(expected)
  })
})
