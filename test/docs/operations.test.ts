import fs from 'node:fs'
import path from 'node:path'

import { createMetrics, GAUGES } from '../../src/runtime/metrics'

/** Goal: whoever is woken by an alert finds it explained, and none is about something that is not measured. */
const DOCS = path.join(__dirname, '../../docs')
const read = (file: string) => fs.readFileSync(path.join(DOCS, file), 'utf8')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly severity: string
  readonly runbook: string
}

/** Of the few forms of YAML that the file is written in. */
function rulesOf(text: string): readonly Rule[] {
  return text
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((part) => {
      const folded = /^ {8}expr: >-\n((?: {10}.*\n)+)/m.exec(part)?.[1]
      const expr = folded ?? /^ {8}expr: (.*)$/m.exec(part)?.[1] ?? ''
      return {
        alert: part.split('\n')[0] ?? '',
        expr: expr.replace(/\s+/g, ' ').trim(),
        severity: /severity: (\w+)/.exec(part)?.[1] ?? '',
        runbook: /runbook: (\S+)/.exec(part)?.[1] ?? '',
      }
    })
}

/** Cases of `promtool test rules`, of the few forms of YAML that the file is written in. */
const casesOf = (text: string) =>
  text
    .split(/^ {2}- name: /m)
    .slice(1)
    .map((part) => ({
      alert: /^ {8}alertname: (\w+)$/m.exec(part)?.[1] ?? '',
      series: [...part.matchAll(/- series: '(.*)'$/gm)].map(([, series]) => String(series)),
      firesAs: /exp_alerts:\n {10}- exp_labels: \{ severity: (\w+)/.exec(part)?.[1] ?? null,
      isQuiet: part.includes('exp_alerts: []'),
    }))

const rules = rulesOf(read('operations/alerts.yml'))
const dashboard = JSON.parse(read('operations/dashboard.json')) as {
  panels: { title: string; targets: { expr: string }[] }[]
}
const queries = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => [title, expr] as const),
)

/** Every name in the registry with its labels; what a histogram is made of counts too. */
async function known(): Promise<ReadonlyMap<string, readonly string[]>> {
  const metrics = createMetrics()
  const counted = { provider: 'p', currency: 'eur' }
  metrics.request({ route: '/', method: 'GET', status: 200, seconds: 1 })
  metrics.transition({ from: 'ready', to: 'submitting', currency: 'eur' })
  metrics.remoteCall({ party: 'exchange', call: 'c', outcome: 'ok', seconds: 1 })
  metrics.batchGroup({ ...counted, result: 'sent' })
  metrics.batch({ ...counted, outcome: 'accepted', itemCount: 1 })
  metrics.delivery({ audience: 'systems', way: 'webhook', outcome: 'taken' })
  const lines = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const names = new Map<string, readonly string[]>(
    Object.entries(GAUGES).map(([name, [labels]]) => [`bank_withdrawal_${name}`, labels]),
  )
  for (const line of lines) {
    const [, name = '', labels = ''] = /^([a-z_]+)(?:\{(.*)\})?/.exec(line) ?? []
    names.set(
      name,
      [...labels.matchAll(/([a-z]+)="/g)].map(([, label]) => String(label)),
    )
  }
  return names
}

const namesIn = (expr: string) => [...expr.matchAll(/bank_withdrawal_[a-z_]+/g)].map(([name]) => name)
const labelsIn = (expr: string) => [
  ...[...expr.matchAll(/(?:by|on) \(([^)]+)\)/g)].flatMap(([, list]) => String(list).split(/,\s*/)),
  ...[...expr.matchAll(/\{([^{}]*)\}/g)].flatMap(([, list]) =>
    [...String(list).matchAll(/([a-z]+)(?:=~|!~|!=|=)"/g)].map(([, label]) => String(label)),
  ),
]

describe('what is watched', () => {
  it.each([...rules.map(({ alert, expr }) => [alert, expr] as const), ...queries])(
    '%s asks for what is measured: %s',
    async (_name, expr) => {
      const names = await known()
      expect(namesIn(expr).length).toBeGreaterThan(0)
      expect(namesIn(expr).filter((name) => !names.has(name))).toEqual([])
      const labels = new Set(namesIn(expr).flatMap((name) => names.get(name) ?? []))
      expect(labelsIn(expr).filter((label) => label !== 'le' && !labels.has(label))).toEqual([])
    },
  )

  it('has for each alert a case in which it fires, and one in which it is quiet', async () => {
    const names = await known()
    const seen = casesOf(read('operations/alerts-cases.yml'))
    expect([...new Set(seen.map(({ alert }) => alert))].sort()).toEqual(
      rules.map(({ alert }) => alert).sort(),
    )
    for (const { alert, expr, severity } of rules) {
      const own = seen.filter((one) => one.alert === alert)
      const watched = new Set(namesIn(expr))
      const quiet = own.filter(({ isQuiet }) => isQuiet)
      expect([alert, own.some(({ firesAs }) => firesAs === severity), quiet.length > 0]).toEqual([
        alert,
        true,
        true,
      ])
      // Where nothing is measured every alert is quiet: a case is about what its alert watches.
      for (const { series } of quiet)
        expect([alert, series.flatMap(namesIn).some((name) => watched.has(name))]).toEqual([alert, true])
    }
    for (const line of seen.flatMap(({ series }) => series)) {
      const labels = new Set(['instance', ...namesIn(line).flatMap((name) => names.get(name) ?? [])])
      expect([line, namesIn(line).every((name) => names.has(name))]).toEqual([line, true])
      expect([line, labelsIn(line).filter((label) => !labels.has(label))]).toEqual([line, []])
    }
  })

  it('has alerts that are each named once, say how urgent they are and where to read on', () => {
    expect(rules.length).toBeGreaterThan(10)
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    const page = read('operations.md')
    for (const { alert, severity, runbook } of rules) {
      expect(['page', 'ticket']).toContain(severity)
      expect(runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`)
      expect(page).toContain(`### ${alert}\n`)
    }
    const explained = [...page.matchAll(/^### (BankWithdrawal\w+)$/gm)].map(([, name]) => String(name))
    expect(explained.sort()).toEqual(rules.map(({ alert }) => alert).sort())
  })

  it('has every metric on the page that explains them', async () => {
    const page = read('operations.md')
    const names = [...(await known()).keys()]
      .map((name) => name.replace('bank_withdrawal_', '').replace(/_(bucket|sum|count)$/, ''))
      .filter((name) => !page.includes(`\`${name}\``))
    expect(names).toEqual([])
  })
})
