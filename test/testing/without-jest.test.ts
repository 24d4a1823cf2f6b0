import { execFileSync } from 'node:child_process'
import path from 'node:path'

/** Goal: the suite needs no jest. Method: it runs in a process of its own under node's runner, and under none. */
it('the conformance suite runs under node:test, and under no runner at all', () => {
  const root = path.join(__dirname, '../..')
  const child = path.join(__dirname, 'node-test-child.ts')
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(JEST|NODE_)/.test(name)))
  const out = execFileSync(process.execPath, ['--import', 'tsx', '--test-reporter', 'tap', '--test', child], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  expect(out).toMatch(/^# fail 0$/m)
  expect(out).toMatch(/^# skipped 8$/m)
  expect(out).toMatch(/provider demo: \d+ rules passed, 0 failed, 8 not applicable/)
  expect(out).toContain('not applicable webhook.genuine: the provider has no webhooks')
})
