/**
 * Looks again and again: what another process or thread does by itself cannot be waited for otherwise. Between two looks
 * it leaves the machine to those it waits for.
 */
export async function until(isTrue: () => Promise<boolean> | boolean, withinMs = 40_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error('It does not come true.')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
