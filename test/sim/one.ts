import { runHistory } from './history'
const seed = Number(process.argv[2])
void runHistory({ seed, ...(process.argv[3] && process.argv[3] !== '-' && {schedule: process.argv[3]}), narrate: (l) => console.log(l) }).then((h) => { console.log(h.schedule, h.violations, h.virtualMs, h.trace) })
