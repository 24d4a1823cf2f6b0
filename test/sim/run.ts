import { runHistory } from './history'
const [n, seed0] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 1)]
async function main() {
  const t = performance.now()
  let events = 0,
    crashes = 0,
    w = 0
  const states: Record<string, number> = {}
  const viol: Record<string, number> = {}
  const first: Record<string, number> = {}
  for (let i = 0; i < n; i++) {
    const h = await runHistory({ seed: seed0 + i })
    events += h.events
    crashes += h.crashes
    w += h.states.length
    for (const s of h.states) states[s] = (states[s] ?? 0) + 1
    for (const v of h.violations) {
      const k = `${v.invariant}: ${v.what.replace(/\d+/g, 'N')}`
      viol[k] = (viol[k] ?? 0) + 1
      first[k] ??= h.seed
    }
  }
  const s = (performance.now() - t) / 1000
  console.log({ n, s, perS: n / s, events, crashes, w, states })
  for (const k of Object.keys(viol)) console.log(viol[k], first[k], k)
}
void main()
