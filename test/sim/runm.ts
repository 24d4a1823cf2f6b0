import { runHistory } from './history'
import { MUTANTS } from './mutants'
async function main() {
  for (const mutant of MUTANTS) {
    if (process.argv[2] && !mutant.name.includes(process.argv[2])) continue
    let n = 0
    let v = ''
    for (; n < 1000; n++) {
      const h = await runHistory({ seed: 1 + n, mutant })
      if (h.violations[0]) {
        v = `${h.violations[0].invariant}: ${h.violations[0].what}`
        break
      }
    }
    console.log(mutant.name.padEnd(34), v ? n + 1 : 'SURVIVES', v)
  }
}
void main()
