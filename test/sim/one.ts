import { runHistory } from './history'
import { shrink } from './shrink'
async function main() {
  const seed = Number(process.argv[2])
  let h = await runHistory({ seed, ...(process.argv[3] && { schedule: process.argv[3] }) })
  if (h.violations.length) h = await shrink(h)
  await runHistory({
    seed,
    schedule: h.schedule,
    narrate: (l) => {
      if (!/store\.|deadline|look|answer|send|reply|timer/.test(l)) console.log(l)
    },
  })
  console.log(h.schedule, h.violations)
}
void main()
