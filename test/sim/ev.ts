import { runHistory } from './history'
const c: Record<string, number> = {}
async function main() {
  for (let n = 1; n <= 1000; n++)
    await runHistory({
      seed: n,
      narrate: (l) => {
        const m = / -> \S+ (\S+) by/.exec(l)
        if (m?.[1]) c[m[1]] = (c[m[1]] ?? 0) + 1
      },
    })
  console.log(c)
}
void main()
