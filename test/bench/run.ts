/** `npm run bench [-- --jobs N,N --only NAME,NAME --keep DIR --json FILE]`: measures, and prints tables in Markdown. */
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { runBench } from './bench.ts'
import { parsePlan } from './plan.ts'
import { renderReport } from './report.ts'

const say = (line: string) => process.stderr.write(`${new Date().toTimeString().slice(0, 8)} ${line}\n`)

const plan = planOrExit()
const { readings, failures } = await runBench(plan, say)
if (plan.json !== null) writeFileSync(plan.json, JSON.stringify(readings, null, 2))
if (readings.length > 0) process.stdout.write(`${machine()}\n\n${renderReport(readings)}\n`)
for (const failure of failures) say(`Not measured: ${failure}`)
if (failures.length > 0) process.exitCode = 1

function planOrExit() {
  try {
    return parsePlan(process.argv.slice(2))
  } catch (error) {
    say((error as Error).message)
    process.exit(1)
  }
}

/** The date and the machine of the measurement. */
function machine(): string {
  const processors = `${cpus().length} cores (${cpus()[0]?.model.trim()})`
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB of memory`
  const day = new Date().toISOString().slice(0, 10)
  return `${day}: ${processors}, ${memory}, ${process.platform}, Node.js ${process.version}`
}
