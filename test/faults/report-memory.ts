/** Loaded before a program: writes the most memory that its process had, in MB, as the last line of standard error. */
import { existsSync, readFileSync } from 'node:fs'

const status = '/proc/self/status'

process.on('exit', () => {
  process.stderr.write(`\npeak ${Math.round(peakKilobytes() / 1_024)} MB\n`)
})

/** On Linux, `maxRSS` of a new process begins with the memory of the process that started it. */
function peakKilobytes(): number {
  const peak = existsSync(status) && /^VmHWM:\s*(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1]
  return peak ? Number(peak) : process.resourceUsage().maxRSS
}
