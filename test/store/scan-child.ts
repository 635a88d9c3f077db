/** Scans a folder and kills itself in the middle of the second step's transaction. */
import { scanFolder } from '../../src/core/folders/scan.ts'
import { openStore } from '../../src/core/store/store.ts'

const [dataDir = '', batchId = ''] = process.argv.slice(2)
const { writer } = openStore(dataDir)
let steps = 0
writer.function('kill_in_second_step', () => {
  if (++steps > 120) process.kill(process.pid, 'SIGKILL')
  return 0
})
writer.exec('CREATE TEMP TRIGGER kill AFTER INSERT ON folder_files BEGIN SELECT kill_in_second_step(); END')
await scanFolder({
  database: writer,
  dataDir,
  batchId: Number(batchId),
  isGoneAccepted: false,
  now: () => Date.UTC(2026, 1, 1),
  signal: new AbortController().signal,
})
