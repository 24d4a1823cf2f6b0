/** Of a bundle what the page is made from; all else in it is shown as it is. */
export interface Bundle {
  readonly made_at: string
  readonly made_for: string
  readonly reason: string
  readonly withdrawal: { readonly id: string }
  readonly journal: readonly {
    readonly seq: number
    readonly at: string
    readonly event: string
    readonly from: string | null
    readonly to: string
    readonly actor: string
    readonly reason_code?: string | undefined
    readonly detail: object
    readonly hash: string | null
    readonly intact: boolean
  }[]
  readonly journal_is_intact: boolean
  readonly exchange_says: object
  readonly provider_says: object
  readonly batch: object | null
  readonly files?: readonly object[] | undefined
  readonly earlier_payouts: readonly object[]
  readonly decisions: readonly object[]
  readonly approvals: readonly object[]
  readonly differences: readonly object[]
  readonly signed_heads: readonly object[]
  readonly hash: string
}

/** A bundle as a page that is read and printed by people: one file, which runs nothing and needs nobody. */
export function evidencePage(bundle: Bundle): string {
  const { withdrawal, journal, journal_is_intact: isIntact, hash, made_at, made_for, reason } = bundle
  const said = [
    `Made ${made_at} for ${made_for}, who said: “${reason}”. Accounts are masked.`,
    isIntact
      ? 'The journal is whole: each hash was worked out anew over its entry and the hash before.'
      : 'The journal is NOT whole: an entry was changed, removed or put in. See the marks below.',
  ]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Evidence: withdrawal ${escaped(withdrawal.id)}</title>
<style>${STYLE}</style></head><body><main>
<h1>Withdrawal ${escaped(withdrawal.id)}</h1>
${said.map((line, at) => `<p${at === 1 && !isIntact ? ' class="broken"' : ''}>${escaped(line)}</p>`).join('\n')}
<h2>What it is</h2>${facts(withdrawal)}
<h2>What happened</h2>${table(
    ['Nr', 'When', 'What', 'From', 'To', 'Who', 'Detail', 'Hash'],
    journal.map((entry) => [
      entry.seq,
      entry.at,
      entry.event,
      entry.from ?? '',
      entry.to,
      entry.actor,
      [entry.reason_code, text(entry.detail)].filter(Boolean).join(' '),
      `${entry.hash ?? 'none'}${entry.intact ? '' : ' NOT INTACT'}`,
    ]),
  )}
<h2>What the exchange says</h2>${facts(bundle.exchange_says)}
<h2>What the provider says</h2>${facts(bundle.provider_says)}
${section('Its batch', bundle.batch === null ? [] : [bundle.batch])}
${section('Files for the bank', bundle.files ?? [{ files: 'could not be read' }])}
${section('Payouts that were given up for another', bundle.earlier_payouts)}
${section('What operators did beside the journal', bundle.decisions)}
${section('What was proposed and confirmed', bundle.approvals)}
${section('Differences', bundle.differences)}
${section('Signed heads of the journal', bundle.signed_heads)}
<p class="hash">SHA-256 of the same as JSON: ${escaped(hash)}</p>
</main></body></html>
`
}

/** Of the journal's columns in a hundred, so that a long reason leaves the others their words; the hash has what is left. */
const WIDTHS = [4, 11, 13, 9, 9, 10, 26]

/** Dark where the reader's screen is, never on paper; on a phone each entry of a table is a block with its names beside it. */
const STYLE = `:root{color-scheme:light;--ink:#111;--ground:#fff;--quiet:#444;--line:#bbb;--head:#eee;--broken:#a40000}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--ink:#e8e8ec;--ground:#17181c;--quiet:#b4b6bf;--line:#4a4c55;
--head:#26282e;--broken:#ff8a80}}
body{font:14px/1.45 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:var(--ink);background:var(--ground);
overflow-wrap:anywhere}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:1.6rem;border-bottom:1px solid var(--line)}
table{border-collapse:collapse;width:100%;table-layout:fixed}
${WIDTHS.map((width, at) => `th:nth-child(${at + 1}){width:${width}%}`).join('')}
td,th{border:1px solid var(--line);padding:.25rem .4rem;text-align:left;vertical-align:top}
th{background:var(--head)}dl{display:grid;grid-template-columns:14rem 1fr;gap:.15rem .8rem}dt{color:var(--quiet)}dd{margin:0}
hr{border:0;border-top:1px solid var(--line)}.hash,td:last-child{font-family:monospace}.broken{color:var(--broken);font-weight:bold}
@media screen and (max-width:45rem){body{margin:1rem auto}thead{display:none}table,tbody,tr,td{display:block}tr{margin-bottom:1rem;
border-top:2px solid var(--line)}td{border:0;padding:.1rem 0}td:empty{display:none}td::before{content:attr(data-name) ": ";
color:var(--quiet);font-family:system-ui,sans-serif}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}}
@media print{body{margin:0;max-width:none;font-size:10pt}tr{break-inside:avoid}}`

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (value: string): string => value.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)

/** Facts within facts in words, as far as that goes. */
const text = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value)
  if (Array.isArray(value)) return value.map(text).join('; ')
  return Object.entries(value)
    .map(([name, member]) => `${name}: ${text(member)}`)
    .join(', ')
}

const facts = (value: object): string =>
  `<dl>${Object.entries(value)
    .map(([name, member]) => `<dt>${escaped(name.replace(/_/g, ' '))}</dt><dd>${escaped(text(member))}</dd>`)
    .join('')}</dl>`

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  `<table><thead><tr>${head.map((name) => `<th scope="col">${escaped(name)}</th>`).join('')}</tr></thead><tbody>${rows
    .map((cells) => `<tr>${cells.map((cell, at) => cellOf(head[at] ?? '', cell)).join('')}</tr>`)
    .join('')}</tbody></table>`

const cellOf = (name: string, cell: string | number): string =>
  `<td data-name="${escaped(name)}">${escaped(String(cell))}</td>`

const section = (title: string, entries: readonly object[]): string =>
  `<h2>${escaped(title)}</h2>${entries.length === 0 ? '<p>None.</p>' : entries.map(facts).join('<hr>')}`
