import type { Stop } from '../../src/db/store'
import type { MemoryFunctions } from './memory-store'
import type { MemoryTables } from './memory-tables'

type StopFunctions = Pick<MemoryFunctions, 'readStop' | 'setStopped' | 'whatStops'>

const NEVER: Stop = {
  ...{ isStopped: false, message: '', reason: '', actor: '', version: 0, updatedAt: null, underWay: 0 },
}

/** The switch that stops everything. */
export function memoryStop(
  tables: MemoryTables,
  readProviderStates: MemoryFunctions['readProviderStates'],
): StopFunctions {
  let stop = NEVER
  const underWay = (): number =>
    [...tables.rows.values()].filter((row) => row.state === 'submitting' && tables.isHeld(row)).length
  const read = (): Stop => (stop.isStopped ? { ...stop, underWay: underWay() } : stop)

  return {
    readStop: read,
    whatStops(provider) {
      if (stop.isStopped) return 'stop'
      const isPaused = readProviderStates().some((state) => state.provider === provider && state.isPaused)
      return isPaused ? 'pause' : null
    },
    setStopped({ version, ...decision }) {
      if (stop.version !== version) return null
      stop = { ...decision, version: version + 1, updatedAt: tables.at(), underWay: 0 }
      tables.isStopped = stop.isStopped
      if (!stop.isStopped)
        for (const row of tables.rows.values())
          if (row.waitsForResume && row.nextRunAt !== null && !tables.isHeld(row))
            tables.put({
              ...row,
              nextRunAt: tables.at(),
              reasonCode: row.state === 'ready' ? null : row.reasonCode,
              waitsForResume: false,
            })
      return read()
    },
  }
}
